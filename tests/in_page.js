// What the browser tests ask of a page, from within it. Each function gives facts, or a list of what is wrong.
window.asked = (function () {
  'use strict';
  const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));
  const brief = one => one.outerHTML.replace(/\s+/g, ' ').slice(0, 160);
  const shown = one => one.checkVisibility() && one.getClientRects().length > 0;
  // Everything but what is alike in every row of a table, and the strokes of drawings.
  const parts = () => all('body :not(tbody *, svg *, .visually-hidden, aside *, .skip), tbody tr:first-child, tbody tr:first-child *');

  /** Headings, tables, drawings, links and addresses, as they stand. */
  function outline() {
    return {
      headings: all('h1,h2,h3,h4,h5,h6').map(one => Number(one.tagName[1])),
      bare: all('table').filter(one => !one.caption || !one.caption.textContent.trim()
        || one.querySelector('thead th:not([scope=col])') || !one.querySelector('thead th')
        || one.querySelector('tbody th:not([scope=row])')
        || !one.closest('[role=region][tabindex="0"][aria-labelledby]')).map(brief),
      mute: all('svg').filter(one => !one.closest('[aria-hidden=true]')).filter(one => {
        const said = ['aria-labelledby', 'aria-describedby'].map(by => document.getElementById(one.getAttribute(by)));
        return one.getAttribute('role') !== 'img' || !said.every(one => one && one.textContent.trim().length > 5)
          || said[1].textContent.length > 300;
      }).map(brief),
      links: all('a[href]').map(one => one.href),
      ids: all('[id]').map(one => one.id),
      terms: all('button.term').length,
      figures: all('figure').length,
      tables: all('table.casechron').length,
      filters: all('.filter').length,
      codes: all('details.code').length,
      rows: all('tbody tr').length,
    };
  }

  /** The order of things, what every page says, and what stands beside each figure and table. */
  function account(kind) {
    const wrong = [];
    const need = (there, words) => { if (!there) { wrong.push(words); } };
    const before = (one, other) => !one || !other || Boolean(one.compareDocumentPosition(other) & 4);
    const care = document.querySelector('.care');
    need(care && all('a[href^="tel:"]', care).length === 3, 'no content note with three help lines');
    need(before(care, document.querySelector('nav')) && before(care, document.querySelector('h1')), 'the content note is not first');
    const points = document.querySelector('.words[id$=_key_points], .part .words, .review .words');
    need(points || !['notebook', 'review', 'single', 'front'].includes(kind), 'no key points');
    need(before(points, document.querySelector('main figure')), 'a figure before the key points');
    need(before(points, document.querySelector('main table')), 'a table before the key points');
    const questions = all('main .questions').pop();
    need(questions && all('li', questions).length >= 3, 'no questions for discussion');
    need(questions && document.querySelector('main').lastElementChild === questions, 'the questions do not close the page');
    const cite = document.querySelector('#cite-heading');
    const words = cite ? cite.parentElement.textContent : '';
    need(/casechron \d+\.\d+/.test(words), 'no version to cite');
    need(/\b[0-9a-f]{16}\b/.test(words), 'no data hash to cite');
    need(kind === 'site' || kind === 'front' || kind === 'table' || all('#policy .policy > li').length >= 9, 'no box of the policy');
    all('figure').forEach(figure => {
      const alike = figure.querySelector('details.words-for-figure ul');
      need(alike && alike.textContent.trim().length > 20, 'no words for ' + brief(figure));
      const data = figure.classList.contains('glance')
        ? figure.closest('section').querySelector('a[href*="0"]') : figure.querySelector('.rests a[href*="#table-"]');
      need(data, 'no data beside ' + brief(figure));
    });
    all('.table[data-rows]').filter(box => Number(box.getAttribute('data-rows')) > 3 && kind !== 'front').forEach(box => {
      const past = box.querySelector('a.skip'), to = past && document.getElementById(past.hash.slice(1));
      need(to && before(past, box.querySelector('table')) && before(box.querySelector('table'), to), 'no way past ' + brief(box));
    });
    if (kind === 'notebook' || kind === 'table') {
      all('table.casechron').forEach(table => need(
        table.closest('.table').querySelector('a[download][href$=".csv"]'), 'no CSV beside ' + brief(table)));
    }
    return wrong;
  }

  /** Every long table: sorted up, down and back by its heads; filtered by a word of its own. */
  function longTables() {
    const wrong = [];
    all('.filter').forEach(filter => {
      const box = filter.parentElement;
      const body = box.querySelector('tbody');
      const head = box.querySelector('thead th');
      const button = head.querySelector('button.sort');
      const first = () => Array.from(body.rows).map(row => row.cells[0].textContent.trim());
      const last = cell => cell.classList.contains('n') ? 1 : 0;
      const order = new Intl.Collator('en-GB', { numeric: true, sensitivity: 'base' });
      const given = first();
      const missing = Array.from(body.rows).reduce((sum, row) => sum + last(row.cells[0]), 0);
      button.click();
      const up = first();
      const stated = up.slice(0, up.length - missing);
      if (head.getAttribute('aria-sort') !== 'ascending') { wrong.push('not said to be sorted: ' + brief(head)); }
      if (stated.some((word, place) => place && order.compare(stated[place - 1], word) > 0
          && !(Number(stated[place - 1]) <= Number(word)))) { wrong.push('not sorted up: ' + brief(head)); }
      button.click();
      const down = first();
      if (head.getAttribute('aria-sort') !== 'descending') { wrong.push('not said to be sorted down: ' + brief(head)); }
      if (down[0] !== stated[stated.length - 1] && order.compare(down[0], stated[stated.length - 1]) !== 0) {
        wrong.push('not sorted down: ' + brief(head));
      }
      button.click();
      if (head.hasAttribute('aria-sort') || first().join('|') !== given.join('|')) { wrong.push('not back in order: ' + brief(head)); }
      const field = filter.querySelector('input');
      const words = given[given.length - 1].split(/\s+/)[0];
      field.value = words;
      field.dispatchEvent(new Event('input'));
      const left = Array.from(body.rows).filter(row => !row.hidden);
      if (!left.length || !left.every(row => row.textContent.toLowerCase().includes(words.toLowerCase()))) {
        wrong.push('filter shows other rows: ' + brief(head));
      }
      if (filter.querySelector('[role=status]').textContent !== left.length + ' of ' + given.length + ' rows') {
        wrong.push('filter does not say what it shows: ' + brief(head));
      }
      field.value = '';
      field.dispatchEvent(new Event('input'));
      if (Array.from(body.rows).some(row => row.hidden)) { wrong.push('rows stay hidden: ' + brief(head)); }
    });
    return wrong;
  }

  /** Every term: its definition opens by its own button, within the screen, and is listed on the page too. */
  function terms() {
    const wrong = [];
    const wide = document.documentElement.clientWidth, high = window.innerHeight;
    const seen = new Set();
    all('button.term').forEach(button => {
      const target = document.getElementById(button.getAttribute('popovertarget'));
      if (!target || !target.textContent.toLowerCase().trim() || seen.has(target.id)) { wrong.push('no definition of its own: ' + brief(button)); return; }
      seen.add(target.id);
      if (!document.getElementById(target.id.replace('term-', 'word-'))) { wrong.push('not in the list of words: ' + brief(button)); }
      const folded = button.closest('details:not([open])');
      if (folded) { folded.open = true; }
      button.scrollIntoView({ block: 'center', inline: 'center' });
      button.click();
      const box = target.getBoundingClientRect();
      if (!target.matches(':popover-open')) { wrong.push('does not open: ' + brief(button)); }
      if (box.left < 0 || box.right > wide + 1 || box.top < -1 || box.bottom > high + 1) { wrong.push('beyond the screen: ' + brief(button)); }
      button.click();
      if (target.matches(':popover-open')) { wrong.push('does not close: ' + brief(button)); }
      if (folded) { folded.open = false; }
    });
    all('.definition').forEach(one => { if (!seen.has(one.id)) { wrong.push('a definition of nothing: ' + one.id); } });
    window.scrollTo(0, 0);
    return wrong;
  }

  /** One of each kind of thing that takes the focus: is it seen? */
  function focus() {
    const kinds = new Map();
    all('a[href], button, input, summary, [tabindex="0"]').filter(shown).forEach(one => {
      const kind = [one.tagName, one.className, one.parentElement.tagName, (one.closest('nav, table, figure, footer') || {}).tagName].join(' ');
      if (!kinds.has(kind)) { kinds.set(kind, one); }
    });
    const wrong = [];
    kinds.forEach(one => {
      one.focus({ focusVisible: true, preventScroll: true });
      const look = getComputedStyle(one);
      if (document.activeElement !== one || look.outlineStyle === 'none' || parseFloat(look.outlineWidth) < 2) { wrong.push(brief(one)); }
    });
    document.activeElement.blur();
    return wrong;
  }

  /** What is wider than the screen and does not scroll within itself, and text that is cut off. */
  function cut() {
    const wide = document.documentElement.clientWidth;
    const wrong = [];
    if (document.documentElement.scrollWidth > wide) { wrong.push('the page scrolls sideways by ' + (document.documentElement.scrollWidth - wide)); }
    parts().forEach(one => {
      if (!one.clientWidth || one.tagName === 'svg') { return; }
      const look = getComputedStyle(one);
      if (look.webkitLineClamp !== 'none' && one.matches('.cards td')) { return; } // a touch unfolds it
      if (/hidden|clip/.test(look.overflowX + look.overflowY) && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1)) {
        wrong.push('cut off: ' + brief(one));
      }
    });
    return wrong;
  }

  /** On paper: black on white, nothing that scrolls, nothing wider or taller than a sheet, heads that are repeated. */
  function paper(wide, high) {
    const wrong = [];
    const need = (there, words) => { if (!there) { wrong.push(words); } };
    const body = getComputedStyle(document.body);
    need(body.backgroundColor === 'rgb(255, 255, 255)' && body.color === 'rgb(0, 0, 0)', 'not black on white');
    parts().forEach(one => {
      if (!shown(one)) { return; }
      const look = getComputedStyle(one);
      const ground = (look.backgroundColor.match(/[\d.]+/g) || []).map(Number);
      need(ground.length === 4 && ground[3] === 0 || Math.min(ground[0], ground[1], ground[2]) >= 240, 'dark ground: ' + brief(one));
      need(!/auto|scroll|hidden/.test(look.overflowX + look.overflowY) || one.tagName === 'svg', 'scrolls or is cut: ' + brief(one));
      const box = one.getBoundingClientRect();
      need(box.right <= wide + 1, 'wider than the paper: ' + brief(one));
      need(one.tagName !== 'svg' || box.height <= high, 'taller than the paper: ' + brief(one));
      need(one.tagName !== 'svg' || look.filter === 'none', 'turned to dark: ' + brief(one));
      need(one.tagName !== 'TR' || look.breakInside === 'avoid', 'torn: ' + brief(one));
      need(one.tagName !== 'A' || !/^https?:/.test(one.getAttribute('href')) || getComputedStyle(one, '::after').content.includes(one.getAttribute('href')),
        'no address: ' + brief(one));
    });
    all('thead').forEach(one => need(one.closest('.records') || getComputedStyle(one).display === 'table-header-group', 'a head that is not repeated: ' + brief(one)));
    all('nav, .filter, .tools, details.code, .skip').forEach(one => need(!shown(one), 'a control on paper: ' + brief(one)));
    all('figure').forEach(figure => need(all('svg', figure).some(one => shown(one) && one.getBoundingClientRect().height > 10), 'no drawing: ' + brief(figure)));
    return wrong;
  }

  const OF_KINDS = ['color-contrast', 'link-in-text-block', 'target-size', 'region'];
  const OF_COLOURS = ['color-contrast', 'link-in-text-block'];

  /** What axe finds in the whole page, but for what things of a kind have in common: `axe` asks that of a trimmed page. */
  function axeWhole() {
    // Rows of a table are made alike.
    all('tbody').forEach(body => Array.from(body.rows).slice(6).forEach(row => row.remove()));
    undraw();
    return axe({ rules: Object.fromEntries(OF_KINDS.map(rule => [rule, { enabled: false }])) });
  }

  /** A drawing is one image to who cannot see it. */
  function undraw() {
    all('.sheets, svg > :not(title, desc)').forEach(one => one.remove());
    all('svg').forEach(one => { one.style.height = '3rem'; });
  }

  /** Leave two of each kind of thing: what is made alike, in the same place of a page, has the same colours and sizes. */
  function trim() {
    const seen = new Map();
    undraw();
    all('dl').forEach(one => Array.from(one.children).slice(4).forEach(part => part.remove()));
    all('main *, footer *').filter(one => one.matches('li, tr, p, pre, figure, details, .table, .scroll, .words, .prose:not(:has(h1)), .box > *')).forEach(one => {
      if (!one.isConnected || one.closest('nav') || one.querySelector('h1')) { return; }
      let kind = '';
      for (let up = one; up !== document.body; up = up.parentElement) {
        kind += ' < ' + up.tagName + (up.tagName === 'TABLE' ? '' : '.' + up.className);
      }
      seen.set(kind, (seen.get(kind) || 0) + 1);
      if (seen.get(kind) > 2) { one.remove(); }
    });
  }

  async function axe(options) {
    const found = await window.axe.run(document, {
      resultTypes: ['violations'], preload: false, rules: { 'target-size': { enabled: true } }, ...options,
    });
    return found.violations.map(one => one.id + ': ' + one.nodes.slice(0, 3).map(node => node.html.slice(0, 200)).join(' | '));
  }

  /** Every rule; in the dark, where nothing but colours may differ (see `shape`), the rules of colours. */
  function axeLooks(dark) {
    return axe(dark ? { runOnly: OF_COLOURS } : {});
  }

  /** Where everything stands, to tell whether another setting moves or hides anything. */
  function shape() {
    return all('body *').filter(one => one.tagName !== 'SCRIPT').map(one => {
      const box = one.getBoundingClientRect();
      return [one.tagName, Math.round(box.left), Math.round(box.top), Math.round(box.width), Math.round(box.height)].join(' ');
    }).join();
  }

  return { outline, account, longTables, terms, focus, cut, paper, axeWhole, trim, axeLooks, shape };
}());
