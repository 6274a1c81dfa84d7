/// The looks of figures: one text for the page and for figures in files of their own.
enum FigureStyle {
    /// How many arms have a colour of their own.
    static let colourCount = 8

    /// The classes of the n-th arm: a colour, and dashes where colours repeat.
    static func series(_ index: Int) -> String {
        let round = index / colourCount
        return "s\(index % colourCount)" + (round > 0 ? " dash\(min(round, 2))" : "")
    }

    /// Colours by the reader's scheme; the first arm, which the others are compared with, is grey.
    static let colours = """
        :root { --paper: #ffffff; --ink: #1a1f27; --soft: #57606c; --rule: #d9dde3; --tint: #f4f6f8;
        --s0: #59626f; --s1: #1563c4; --s2: #b8430b; --s3: #0a7558; --s4: #8436b3; --s5: #b01e63; --s6: #806000;
        --s7: #16728f; --pay: #1563c4; --head: #b8430b; --rest: #806000; --line: #8a93a0; --ok: #9cc3ee;
        --late: #e0a100; --bad: #c6232d; }
        @media (prefers-color-scheme: dark) { :root { --paper: #12161c; --ink: #e7eaee; --soft: #a4adb9;
        --rule: #323a45; --tint: #1b2129; --s0: #a9b2bf; --s1: #6cabff; --s2: #ff9c5f; --s3: #49cfa5; --s4: #cf9cf3;
        --s5: #ff86bc; --s6: #dcbb4a; --s7: #6ccae4; --pay: #6cabff; --head: #ff9c5f; --rest: #dcbb4a;
        --line: #77818e; --ok: #2f5f95; --late: #e9b83a; --bad: #ff6a70; } }
        @media print { :root { --paper: #ffffff; --ink: #000000; --soft: #444444; --rule: #c4c8ce; --tint: #ffffff;
        --s0: #59626f; --s1: #1563c4; --s2: #b8430b; --s3: #0a7558; --s4: #8436b3; --s5: #b01e63; --s6: #806000;
        --s7: #16728f; --pay: #1563c4; --head: #b8430b; --rest: #806000; --line: #8a93a0; --ok: #9cc3ee;
        --late: #e0a100; --bad: #c6232d; } }

        """

    /// What the classes of the drawings mean.
    static let figures = """
        svg { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
        .paper { fill: var(--paper); }
        text { fill: var(--ink); font-variant-numeric: tabular-nums; }
        text.soft { fill: var(--soft); } text.small { font-size: 11px; } text.strong { font-weight: 600; }
        text.halo { paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
        text.on { fill: var(--paper); font-size: 11px; font-weight: 600; }
        .grid { stroke: var(--rule); fill: none; } .axis { stroke: var(--line); fill: none; }
        .target { stroke: var(--ink); fill: none; stroke-dasharray: 5 4; }
        .drop { fill: none; stroke: var(--c); stroke-dasharray: 2 3; opacity: .8; }
        .s0 { --c: var(--s0); } .s1 { --c: var(--s1); } .s2 { --c: var(--s2); } .s3 { --c: var(--s3); }
        .s4 { --c: var(--s4); } .s5 { --c: var(--s5); } .s6 { --c: var(--s6); } .s7 { --c: var(--s7); }
        .curve { fill: none; stroke: var(--c); stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
        .curve.dash1 { stroke-dasharray: 7 4; } .curve.dash2 { stroke-dasharray: 2 4; }
        .dot { fill: var(--c); } .ring { fill: var(--paper); stroke: var(--c); stroke-width: 2.5; }
        .thin { stroke: var(--c); stroke-width: 1.5; fill: none; } .wash { fill: var(--tint); }
        .mark { fill: var(--paper); stroke: var(--c); stroke-width: 1.5; stroke-linejoin: round; }
        text.own { fill: var(--c); font-weight: 600; }
        .pay { fill: var(--pay); } .head { fill: var(--head); } .rest { fill: var(--rest); } .line { fill: var(--line); }
        .ok { fill: var(--ok); } .slow { fill: var(--pay); } .late { fill: var(--late); } .bad { fill: var(--bad); }
        .declined { fill: var(--line); }

        """

    /// What the page around the drawings adds.
    static let page = """
        * { box-sizing: border-box; }
        html { background: var(--paper); color: var(--ink); color-scheme: light dark; -webkit-text-size-adjust: 100%; }
        body { font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; margin: 0 auto;
        max-width: 60rem; padding: 1.5rem clamp(1rem, 4vw, 2.5rem) 3rem; overflow-wrap: break-word; }
        h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .25rem; letter-spacing: -.01em; }
        h2 { font-size: 1.2rem; line-height: 1.3; margin: 2.75rem 0 .25rem; }
        h3 { font-size: 1rem; margin: 1.5rem 0 .25rem; }
        p { margin: .25rem 0 .75rem; max-width: 42rem; } .lead { font-size: 1.15rem; line-height: 1.45; margin-top: 1rem; }
        .soft, figcaption { color: var(--soft); } .small, figcaption { font-size: .875rem; }
        figure { margin: .5rem 0 1rem; } figure svg { display: block; max-width: 100%; height: auto; }
        svg.narrow { display: none; }
        @media screen and (max-width: 47rem) { svg.wide { display: none; } svg.narrow { display: block; } }
        .key { display: flex; flex-wrap: wrap; gap: .15rem 1.1rem; list-style: none; margin: .25rem 0 .5rem; padding: 0;
        font-size: .875rem; } .key svg { width: .8rem; height: .8rem; margin-right: .4rem; vertical-align: -.05rem; }
        .scroll { overflow-x: auto; margin: .5rem 0 1rem; }
        table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; min-width: 100%; }
        .caption { color: var(--soft); font-size: .875rem; margin: 1rem 0 0; }
        th, td { padding: .35rem .6rem; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--rule); }
        thead th { vertical-align: bottom; font-weight: 600; border-bottom: 1px solid var(--line); }
        th:first-child { text-align: left; padding-left: 0; position: sticky; left: 0; background: var(--paper); }
        details { margin: .5rem 0; } summary { cursor: pointer; color: var(--soft); font-size: .875rem; }
        summary:focus-visible { outline: 2px solid var(--s1); outline-offset: 2px; }
        pre { background: var(--tint); padding: .75rem 1rem; overflow-x: auto; font-size: .8125rem; line-height: 1.45; }
        code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .5rem 0; }
        dt { color: var(--soft); } dd { margin: 0; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
        footer { margin-top: 3rem; border-top: 1px solid var(--rule); padding-top: .75rem; }
        @media print { body { max-width: none; padding: 0; font-size: 10.5pt; } h2 { break-after: avoid; }
        figure, tr, dl { break-inside: avoid; } .scroll { overflow: visible; } summary { list-style: none; }
        details::details-content { content-visibility: visible; block-size: auto; } pre { white-space: pre-wrap; } }

        """
}
