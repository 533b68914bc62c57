"""How does papermill's own notebook client read a notebook that runs in a fork?

nbclient puts outputs together, counts the seconds and raises the errors. It is given a kernel
client that reads a pipe where others read sockets (`pipe`)."""

from __future__ import annotations

import asyncio
from typing import Any

from nbclient.util import run_hook, run_sync
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient

from casechron.reporting.kernels.pipe import NotebookEndedError, PipeClient
from casechron.reporting.kernels.process import Limits, NotebookProcess, start

__all__ = ["ForkClient", "NotebookEndedError"]


#: Outputs that are mostly text, and what stands in them.
_FIELDS: dict[str, dict[str, type]] = {
    "stream": {"name": str, "text": str},
    "display_data": {"data": dict, "metadata": dict},
    "execute_result": {"data": dict, "metadata": dict, "execution_count": int},
}


class ForkClient(PapermillNotebookClient):  # type: ignore[misc]
    """Papermill's client for a notebook that runs in a fork of the template."""

    def __init__(self, nb_man: Any, limits: Limits, **settings: Any) -> None:
        super().__init__(nb_man, km=_Manager(), **settings)
        self._limits = limits

    def execute(self, **_: Any) -> Any:
        """The notebook, its cells run one after the other; the process is gone when this returns or
        raises."""
        self.reset_execution_trackers()
        process = start(self._limits)
        try:
            self.kc = PipeClient(process)
            self.km.process = process
            about = run_sync(self.kc.ready)(self.startup_timeout)
            run_sync(run_hook)(self.on_notebook_start, notebook=self.nb)
            self.papermill_execute_cells()
            self.nb.metadata["language_info"] = about["language_info"]
        except BaseException:
            process.stop(grace=0)
            raise
        else:
            process.stop()
        self.set_widgets_metadata()
        return self.nb

    def output(
        self, outs: list[Any], msg: dict[str, Any], display_id: str | None, cell_index: int
    ) -> Any:
        """The output that is added to a cell's.

        nbclient holds each against the schema of notebooks, which takes longer than all else that
        it does; one that is nothing but text in the right places is in order, and the whole
        notebook is looked at again when it is written."""
        content, fields = msg["content"], _FIELDS.get(msg["msg_type"], {})
        plain = fields and all(
            isinstance(content.get(field), kind) for field, kind in fields.items()
        )
        plain = plain and all(isinstance(text, str) for text in content.get("data", {}).values())
        hooked = self.output_hook_stack.get(msg["parent_header"].get("msg_id"))
        if not plain or display_id or hooked or self.clear_before_next_output:
            return super().output(outs, msg, display_id, cell_index)
        out = NotebookNode(output_type=msg["msg_type"])
        out.update({field: content[field] for field in fields})
        outs.append(out)
        return out

    async def async_execute_cell(
        self, cell: Any, cell_index: int, *args: Any, **settings: Any
    ) -> Any:
        """The cell after its run; what it wrote before it died is there too."""
        others = asyncio.all_tasks()
        try:
            return await super().async_execute_cell(cell, cell_index, *args, **settings)
        except BaseException:
            # nbclient leaves its listeners behind.
            left = asyncio.all_tasks() - others
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)
            for message in self.kc.rest():
                self.process_message(message, cell, cell_index)
            raise
        finally:
            self.kc.rest_a_while()

    _execute_code = run_sync(async_execute_cell)

    def execute_cell(self, cell: Any, cell_index: int, *args: Any, **settings: Any) -> Any:
        """The cell after its run; one without code, of which nobody is to be told, needs no event
        loop."""
        if cell.cell_type != "code" and self.on_cell_start is None:
            return cell
        return self._execute_code(cell, cell_index, *args, **settings)


class _Manager:
    """What nbclient asks of a kernel manager."""

    process: NotebookProcess

    def interrupt_kernel(self) -> None:
        self.process.interrupt()
