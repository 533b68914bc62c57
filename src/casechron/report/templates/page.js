// Nothing here is needed to read a page: what a bar of a chart says, and one tab stop a chart.
(() => {
  'use strict';
  // A bar says its row when it is pointed at, touched or reached by the arrow keys, of which the first one tells;
  // Enter, a click or a second touch leads to the row.
  var told = document.createElement('div');
  told.className = 'told';
  told.setAttribute('role', 'status');
  told.hidden = true;
  document.body.appendChild(told);
  function say(bar, more) {
    var box = bar.getBoundingClientRect();
    told.textContent = (document.getElementById(bar.getAttribute('aria-labelledby')) || bar).getAttribute('aria-label') + (more || '');
    told.hidden = false;
    told.style.top = (box.bottom + window.scrollY + 6) + 'px';
    told.style.left = Math.max(8, Math.min(box.left, document.documentElement.clientWidth - told.offsetWidth - 8)) + 'px';
  }
  document.querySelectorAll('.drawing svg').forEach(svg => {
    var bars = Array.from(svg.querySelectorAll('a[href]'));
    bars.forEach((bar, place) => {
      bar.setAttribute('tabindex', place ? '-1' : '0');
      bar.addEventListener('focus', event => {
        say(bar, bars[1] && !svg.contains(event.relatedTarget) ? ' – Arrow keys lead to the other parts of the chart, Enter to the row.' : '');
      });
      bar.addEventListener('mouseenter', () => { say(bar); });
      ['blur', 'mouseleave'].forEach(kind => { bar.addEventListener(kind, () => { told.hidden = true; }); });
      bar.addEventListener('click', event => {
        if (event.pointerType === 'touch' && (told.hidden || told.dataset.of !== bar.id)) { event.preventDefault(); told.dataset.of = bar.id; say(bar); }
      });
      bar.addEventListener('keydown', event => {
        var step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
        var next = step && bars[place + step];
        if (event.key === 'Escape') { told.hidden = true; }
        if (!next) { return; }
        event.preventDefault();
        bar.setAttribute('tabindex', '-1');
        next.setAttribute('tabindex', '0');
        next.focus();
      });
    });
  });
})();
