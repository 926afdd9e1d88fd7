//! How a problem looks: the source line, the caret, the help, as rustc draws them.

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Patch, Renderer, Snippet};

use super::{
    Problem, Severity,
    excerpt::{Excerpt, clean, on_one_line},
};
use crate::source::{Source, Sources, Span};

/// A line longer than this is not shown a second time with the fix in it.
const LONGEST_FIXED_LINE: usize = 200;

/// The problem as text, with colours if `styled`; ends with a newline.
///
/// Whatever stands in the sources and in the problem, the text is safe to print, and no span makes it panic.
pub fn show(problem: &Problem, sources: &Sources, styled: bool) -> String {
    let title = level(problem).primary_title(clean(&problem.title)).id(problem.code.name());
    let snippets = snippets(problem, sources);
    // What stands nowhere is still of one profile, and several may be rendered at once.
    let whole = sources.find(0).filter(|_| snippets.is_empty()).map(|source| Origin::path(clean(&source.name)));
    let mut about = Group::with_title(title).elements(snippets);
    if let Some(whole) = whole {
        about = about.element(whole);
    }
    let mut report = Vec::new();
    match (fix(problem, sources), &problem.help) {
        (Some(patch), help) => {
            let help = clean(help.as_deref().unwrap_or("write it like this"));
            report.push(Group::with_title(Level::HELP.secondary_title(help)).element(patch));
        }
        (None, Some(help)) => about = about.element(Level::HELP.message(clean(help))),
        (None, None) => {}
    }
    report.insert(0, about);
    let renderer = if styled { Renderer::styled() } else { Renderer::plain() };
    format!("{}\n", renderer.render(&report))
}

fn level(problem: &Problem) -> Level<'static> {
    match problem.code.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    }
}

/// One snippet for each source that takes part, that of the problem itself first.
fn snippets<'a>(problem: &'a Problem, sources: &'a Sources) -> Vec<Snippet<'a, Annotation<'a>>> {
    let primary = problem.span.iter().map(|span| (span, problem.label.as_str(), AnnotationKind::Primary));
    let related = problem.related.iter().map(|(span, label)| (span, label.as_str(), AnnotationKind::Context));
    let mut marks: Vec<_> = primary.chain(related).collect();
    let mut snippets = Vec::new();
    while let Some(source) = marks.first().map(|(span, ..)| span.source) {
        let (here, elsewhere) = marks.into_iter().partition(|(span, ..)| span.source == source);
        snippets.extend(sources.find(source).map(|source| snippet(source, here)));
        marks = elsewhere;
    }
    snippets
}

fn snippet<'a>(source: &'a Source, marks: Vec<(&'a Span, &'a str, AnnotationKind)>) -> Snippet<'a, Annotation<'a>> {
    let places: Vec<_> = marks.iter().map(|(span, ..)| span.range.clone()).collect();
    let excerpt = Excerpt::new(source, &places);
    let annotations = marks.into_iter().zip(excerpt.places).map(|((_, label, kind), place)| {
        let label = (!label.is_empty()).then(|| clean(label));
        kind.span(place).label(label)
    });
    Snippet::source(excerpt.text)
        .path(clean(&source.name))
        .line_start(excerpt.first_line)
        .annotations(annotations.collect::<Vec<_>>())
}

/// The line as it should be, where that is short enough to compare by eye.
fn fix<'a>(problem: &'a Problem, sources: &'a Sources) -> Option<Snippet<'a, Patch<'a>>> {
    let (span, text) = problem.fix.as_ref()?;
    let source = sources.find(span.source)?;
    if on_one_line(&source.text, &span.range) != span.range {
        return None;
    }
    let mut excerpt = Excerpt::new(source, std::slice::from_ref(&span.range));
    if excerpt.text.len() > LONGEST_FIXED_LINE {
        return None;
    }
    let place = excerpt.places.pop()?;
    let text: Vec<_> = text.split('\n').map(clean).collect();
    let patch = Patch::new(place, text.join("\n"));
    Some(Snippet::source(excerpt.text).path(clean(&source.name)).line_start(excerpt.first_line).patch(patch))
}
