// Nothing here is needed to read a page: what a bar of a chart says, one tab stop a chart, sorting and filtering of whole tables.
(() => {
  'use strict';
  function make(tag, attributes, words) {
    var made = document.createElement(tag);
    Object.keys(attributes).forEach(name => { made.setAttribute(name, attributes[name]); });
    if (words) { made.textContent = words; }
    return made;
  }

  // A bar says its row when it is pointed at, touched or reached by the arrow keys; Enter leads to the row.
  var told = make('div', { 'class': 'told', role: 'status' });
  told.hidden = true;
  document.body.appendChild(told);
  function say(bar) {
    var box = bar.getBoundingClientRect();
    told.textContent = (document.getElementById(bar.getAttribute('aria-labelledby')) || bar).getAttribute('aria-label');
    told.hidden = false;
    told.style.top = (box.bottom + window.scrollY + 6) + 'px';
    told.style.left = Math.max(8, Math.min(box.left, document.documentElement.clientWidth - told.offsetWidth - 8)) + 'px';
  }
  document.querySelectorAll('.drawing svg').forEach(svg => {
    var bars = Array.from(svg.querySelectorAll('a[href]'));
    bars.forEach((bar, place) => {
      bar.setAttribute('tabindex', place ? '-1' : '0');
      ['focus', 'mouseenter'].forEach(kind => { bar.addEventListener(kind, () => { say(bar); }); });
      ['blur', 'mouseleave'].forEach(kind => { bar.addEventListener(kind, () => { told.hidden = true; }); });
      bar.addEventListener('click', event => {
        if (told.hidden || told.dataset.of !== bar.id) { event.preventDefault(); told.dataset.of = bar.id; say(bar); }
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

  var order = new Intl.Collator('en-GB', { numeric: true, sensitivity: 'base' });
  document.querySelectorAll('.table[data-rows]').forEach(box => {
    var table = box.querySelector('table');
    if (!table || Number(box.getAttribute('data-rows')) < 12) { return; }
    var body = table.tBodies[0];
    var rows = Array.from(body.rows);
    var field = make('input', { type: 'search', id: 'filter-' + table.id, autocomplete: 'off' });
    var said = make('span', { role: 'status' });
    var filter = make('p', { 'class': 'filter' });
    filter.append(make('label', { 'for': field.id }, 'Show only rows with'), ' ', field, ' ', said);
    box.insertBefore(filter, box.querySelector('.scroll'));
    field.addEventListener('input', () => {
      var words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      var left = 0;
      rows.forEach(row => {
        var own = row.textContent.toLowerCase();
        row.hidden = !words.every(word => own.includes(word));
        left += row.hidden ? 0 : 1;
      });
      said.textContent = words.length ? left + ' of ' + rows.length + ' rows' : '';
    });
    Array.from(table.tHead.rows[0].cells).forEach((head, column, heads) => {
      var button = make('button', { type: 'button', 'class': 'sort' }, head.textContent);
      head.textContent = '';
      head.appendChild(button);
      button.addEventListener('click', () => {
        var before = head.getAttribute('aria-sort');
        var now = before === 'ascending' ? 'descending' : before === 'descending' ? '' : 'ascending';
        heads.forEach(one => { one.removeAttribute('aria-sort'); });
        var sorted = rows.slice();
        if (now) {
          head.setAttribute('aria-sort', now);
          sorted.sort((one, other) => {
            var a = one.cells[column].textContent.trim(), b = other.cells[column].textContent.trim();
            // An empty cell comes last either way.
            if (!a || !b) { return a ? -1 : b ? 1 : 0; }
            return order.compare(a, b) * (now === 'ascending' ? 1 : -1);
          });
        }
        body.append.apply(body, sorted);
      });
    });
  });

  // A row that is led to must not stay hidden by a filter.
  window.addEventListener('hashchange', () => {
    var row = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (row && row.hidden) { row.hidden = false; row.scrollIntoView(); }
  });
})();
