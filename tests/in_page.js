// What the browser tests ask of a page, from within it. Each function gives facts, or a list of what is wrong.
window.asked = (function () {
  'use strict';
  const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));
  const brief = one => one.outerHTML.replace(/\s+/g, ' ').slice(0, 160);
  const shown = one => one.checkVisibility() && one.getClientRects().length > 0;
  // Everything but what is alike in every row of a table, and the strokes of drawings.
  const parts = () => all('body :not(tbody *, svg *, .visually-hidden, aside *, .skip), tbody tr:first-child, tbody tr:first-child :not(.visually-hidden)');

  /** Headings, tables, drawings, links and addresses, as they stand. */
  function outline() {
    return {
      headings: all('h1,h2,h3,h4,h5,h6').map(one => Number(one.tagName[1])),
      bare: all('table').filter(one => !(one.caption && one.caption.textContent.trim() || one.closest('[aria-label]'))
        || one.querySelector('thead th:not([scope=col])') || !one.querySelector('thead th')
        || one.querySelector('tbody th:not([scope=row])')
        || !one.closest('[role=region][tabindex="0"]:is([aria-labelledby], [aria-label])')).map(brief),
      mute: all('svg:not([aria-hidden] *)').filter(one => {
        const said = one.querySelector(':scope > title');
        return !/^(img|group|graphics-document|figure)$/.test(one.getAttribute('role') || '') || !said || said.textContent.trim().length < 6;
      }).map(brief),
      links: all('a[href]:not(svg a)').map(one => one.href),
      inDrawings: all('svg a').map(one => new URL(one.getAttribute('href'), location.href).href),
      ids: all('[id]').map(one => one.id),
      strayed: all('svg').flatMap(svg => (svg.outerHTML.match(/url\(#[^)]*\)/g) || [])
        .filter(at => !svg.querySelector('[id="' + at.slice(5, -1) + '"]'))),
      terms: all('button.term').length,
      figures: all('figure').length,
      tables: all('table').length,
      filters: all('.filter').length,
      rows: all('tbody tr').length,
    };
  }

  /** What a reader meets: how many words with all that folds closed and open, how many screens down the first chart stands. */
  function measure() {
    const main = document.querySelector('main');
    const words = () => (main.innerText.match(/\S+/g) || []).length;
    const closed = words(), folded = all('details:not([open])', main);
    folded.forEach(one => { one.open = true; });
    const open = words();
    folded.forEach(one => { one.open = false; });
    const top = one => one ? (one.getBoundingClientRect().top + window.scrollY) / window.innerHeight : -1;
    const figure = all('figure', main).find(shown);
    return {
      closed, open, screens: document.documentElement.scrollHeight / window.innerHeight,
      figure: top(figure),
      // The finding stands as the heading, so that its last line is the first sentence of what was found.
      finding: (document.querySelector('h1').getBoundingClientRect().bottom + window.scrollY) / window.innerHeight,
      points: (bottom => bottom ? (bottom.getBoundingClientRect().bottom + window.scrollY) / window.innerHeight : -1)(main.querySelector('.points > ul')),
      tables: all('table', main).map(one => [one.id, one.tHead.rows[0].cells.length, one.tBodies[0].rows.length]),
      silent: /not stated|n\/a|\bNaN\b|\bNaT\b|<NA>/i.test(main.innerText),
    };
  }

  /** Words in drawings that lie on each other or beyond the edge, by the boxes of the letters that are shown. */
  function overlaps() {
    const wrong = [];
    all('.drawing svg').filter(shown).forEach(svg => {
      const edge = svg.getBoundingClientRect();
      const texts = all('text', svg).filter(one => one.textContent.trim()).map(one => [one.getBoundingClientRect(), one.textContent, one]);
      texts.forEach(([box, words]) => {
        if (box.left < edge.left - 1.5 || box.right > edge.right + 1.5 || box.top < edge.top - 1.5 || box.bottom > edge.bottom + 1.5) {
          wrong.push('beyond the drawing: ' + words);
        }
      });
      for (let i = 0; i < texts.length; i += 1) {
        for (let j = i + 1; j < texts.length; j += 1) {
          const [a, one, first] = texts[i], [b, other, second] = texts[j];
          if (first.closest('[transform*=rotate]') || second.closest('[transform*=rotate]')) { continue; }
          const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
          // A box is as high as a line with all its ascents; letters themselves begin a quarter in.
          const high = Math.min(a.bottom - a.height * 0.2, b.bottom - b.height * 0.2) - Math.max(a.top + a.height * 0.2, b.top + b.height * 0.2);
          if (wide > 1.5 && high > 1) { wrong.push(one + ' | ' + other); }
        }
      }
    });
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
      const last = cell => cell.textContent.trim() ? 0 : 1;
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
      if (/hidden|clip/.test(look.overflowX + look.overflowY) && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1)) {
        wrong.push('cut off: ' + brief(one));
      }
    });
    // A whole table is cards on a phone.
    all('.whole .scroll').filter(one => wide <= 640 && one.scrollWidth > one.clientWidth + 1)
      .forEach(one => wrong.push('scrolls sideways: ' + brief(one)));
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
    all('thead').forEach(one => need(getComputedStyle(one).display === (one.closest('.whole') ? 'none' : 'table-header-group'),
      'a head that is not repeated: ' + brief(one)));
    // Of a whole table each row is a card: its cells say their columns, and no word is torn for want of room.
    all('.whole td[data-head]').filter(shown).forEach(one => need(getComputedStyle(one, '::before').content.includes(one.dataset.head), 'no head: ' + brief(one)));
    all('.whole :is(tbody th, td)').filter(shown).forEach(one => need(getComputedStyle(one).overflowWrap !== 'anywhere', 'words torn: ' + brief(one)));
    const folded = all('details:not([open], .who)');
    folded.forEach(one => need(!shown(one), 'folded on paper: ' + brief(one)));
    need(getComputedStyle(document.querySelector('.bottom'), '::before').content.includes('Left out on paper') === Boolean(folded.length),
      'does not say what is left out, or says it of nothing');
    // No heading of whatever kind ends a sheet, and no sheet has the foot alone.
    all('h1, h2, h3, h4, caption, .who summary, thead').filter(shown).forEach(one => need(getComputedStyle(one).breakAfter === 'avoid', 'ends a sheet: ' + brief(one)));
    all('.table:not(.whole *) tbody tr:first-child, .bottom').filter(shown).forEach(one => need(getComputedStyle(one).breakBefore === 'avoid', 'begins a sheet: ' + brief(one)));
    all('.care a[href$="help.html"]').forEach(one => need(getComputedStyle(one, '::after').content.includes('999'), 'no number of a help line'));
    all('.who dl').forEach(one => need(shown(one), 'the key of persons is folded on paper'));
    // A high chart goes on on the next sheet; no piece of it does.
    all('.columns').forEach(one => need(getComputedStyle(one.closest('figure')).breakInside === 'auto', 'leaves half a sheet empty: ' + brief(one)));
    all('.columns p').forEach(one => need(getComputedStyle(one).breakInside === 'avoid', 'torn: ' + brief(one)));
    all('.drawing svg > title + path').forEach(one => need(getComputedStyle(one).fill === 'none', 'a drawing with a ground'));
    all('nav, .filter, .skip').forEach(one => need(!shown(one), 'a control on paper: ' + brief(one)));
    all('.table > .download').forEach(one => {
      need(shown(one), 'does not say which rows are left out: ' + brief(one));
      all('a', one).forEach(link => need(getComputedStyle(link, '::after').content.includes(link.getAttribute('href')), 'names no file: ' + brief(link)));
    });
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
    all('svg > :not(title, desc)').forEach(one => one.remove());
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
    // What is trimmed has lost headings: whether they nest is asked of the whole page.
    return axe(dark ? { runOnly: OF_COLOURS } : { rules: { 'target-size': { enabled: true }, 'heading-order': { enabled: false } } });
  }

  /** Where everything stands, to tell whether another setting moves or hides anything. */
  function shape() {
    return all('body *').filter(one => one.tagName !== 'SCRIPT').map(one => {
      const box = one.getBoundingClientRect();
      return [one.tagName, Math.round(box.left), Math.round(box.top), Math.round(box.width), Math.round(box.height)].join(' ');
    }).join();
  }

  /** How high the smallest letters of any drawing are that is shown, in CSS pixels. */
  function letters() {
    return Math.min(...all('.drawing svg').filter(one => shown(one) && one.getBoundingClientRect().width > 1).map(svg => {
      // A column takes its shapes from the whole drawing.
      const use = svg.querySelector('use');
      const texts = all('text', use ? document.querySelector(use.getAttribute('href')) : svg);
      return svg.getScreenCTM().a * Math.min(...texts.map(text => parseFloat(getComputedStyle(text).fontSize)));
    }));
  }

  return { letters, outline, measure, overlaps, longTables, terms, focus, cut, paper, axeWhole, trim, axeLooks, shape };
}());
