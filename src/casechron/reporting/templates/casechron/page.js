// Nothing here is needed to read a page: one control for all code, which is out of the way until it is used; sorting and filtering of long tables.
(function () {
  'use strict';
  function make(tag, attributes, words) {
    var made = document.createElement(tag);
    Object.keys(attributes).forEach(function (name) { made.setAttribute(name, attributes[name]); });
    if (words) { made.textContent = words; }
    return made;
  }

  var codes = document.querySelectorAll('details.code');
  var tools = document.querySelector('[data-tools]');
  if (codes.length && tools) {
    var all = make('button', { type: 'button', 'aria-pressed': 'false' }, 'Show the code of this page');
    var showCode = function (show) {
      all.setAttribute('aria-pressed', String(show));
      codes.forEach(function (one) { one.hidden = !show; one.open = show; });
    };
    all.addEventListener('click', function () { showCode(all.getAttribute('aria-pressed') !== 'true'); });
    showCode(false);
    tools.appendChild(all);
  }

  var order = new Intl.Collator('en-GB', { numeric: true, sensitivity: 'base' });
  var number = /^-?\d+(\.\d+)?$/;
  function compare(a, b) {
    if (number.test(a) && number.test(b)) { return Number(a) - Number(b); }
    return order.compare(a, b);
  }
  function text(row, column) {
    var cell = row.cells[column];
    return cell && !cell.classList.contains('n') ? cell.textContent.trim() : '';
  }

  document.querySelectorAll('.table[data-rows]').forEach(function (box) {
    var table = box.querySelector('table');
    if (!table || Number(box.getAttribute('data-rows')) < 12) { return; }
    var body = table.tBodies[0];
    var rows = Array.from(body.rows);
    var caption = table.caption.textContent;
    var field = make('input', { type: 'search', id: 'filter-' + table.id, autocomplete: 'off' });
    var label = make('label', { 'for': field.id }, 'Show only rows with');
    label.append(make('span', { 'class': 'visually-hidden' }, ', in the table “' + caption + '”'));
    var said = make('span', { role: 'status', 'class': 'note' });
    var filter = make('p', { 'class': 'filter' });
    filter.append(label, ' ', field, ' ', said);
    box.classList.add('tall');
    box.insertBefore(filter, box.querySelector('.scroll'));
    field.addEventListener('input', function () {
      var words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      var left = 0;
      rows.forEach(function (row) {
        var own = row.textContent.toLowerCase();
        row.hidden = !words.every(function (word) { return own.includes(word); });
        left += row.hidden ? 0 : 1;
      });
      said.textContent = words.length ? left + ' of ' + rows.length + ' rows' : '';
    });

    var heads = Array.from(table.tHead.rows[0].cells);
    heads.forEach(function (head, column) {
      var button = make('button', { type: 'button', 'class': 'sort' }, head.textContent);
      head.textContent = '';
      head.appendChild(button);
      button.addEventListener('click', function () {
        var before = head.getAttribute('aria-sort');
        var now = before === 'ascending' ? 'descending' : before === 'descending' ? '' : 'ascending';
        heads.forEach(function (one) { one.removeAttribute('aria-sort'); });
        var sorted = rows.slice();
        if (now) {
          head.setAttribute('aria-sort', now);
          sorted.sort(function (one, other) {
            var a = text(one, column), b = text(other, column);
            // What is not stated comes last either way.
            if (!a || !b) { return a ? -1 : b ? 1 : 0; }
            return now === 'ascending' ? compare(a, b) : compare(b, a);
          });
        }
        body.append.apply(body, sorted);
      });
    });
  });

  // On a phone a long list of ids shows its first lines; a touch unfolds it, and folds it again.
  document.addEventListener('click', function (event) {
    var cell = event.target.closest('.cards td');
    if (cell && !event.target.closest('a, button')) { cell.classList.toggle('whole'); }
  });

  // A row that is led to must not stay hidden by a filter.
  window.addEventListener('hashchange', function () {
    var row = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (row && row.hidden) { row.hidden = false; row.scrollIntoView(); }
  });
}());
