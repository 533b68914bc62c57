// A whole table is sorted and filtered; nothing here is needed to read it.
(() => {
  'use strict';
  function make(tag, attributes, words) {
    var made = document.createElement(tag);
    Object.keys(attributes).forEach(name => { made.setAttribute(name, attributes[name]); });
    if (words) { made.textContent = words; }
    return made;
  }

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
