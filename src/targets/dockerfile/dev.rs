//! `Dockerfile.dev`: one stage with everything that a developer needs, over whose code the project is mounted.

use super::{
    Made,
    install::{self, For},
    instruction::Instruction,
    running,
    stage::Stage,
};
use crate::{app::defaults, bundle::Paragraph};

pub fn stages(made: &Made<'_>) -> Vec<Paragraph> {
    let recipe = made.recipe;
    let (uv, mut dev) = install::builder(made, "dev");
    install::enter_root(made, &mut dev);
    let wanted = [&recipe.build_packages[..], &recipe.runtime_packages];
    install::packages(recipe, &wanted, &["build.packages.build", "build.packages.runtime"], &mut dev);
    install::dependencies(made, For::Development, &mut dev);
    install::args(made, true, &mut dev);
    let copy = Instruction::Copy { from: None, paths: vec![".".into()], to: defaults::WORKDIR.into() };
    let reason = "the whole project, so that the image runs without mounts as well";
    dev.add("COPY project", copy, reason, Vec::new());
    if install::is_installed(recipe) {
        install::project(made, For::Development, &mut dev);
    }
    running::environment(made, For::Development, &mut dev);
    running::start(made, For::Development, &mut dev);
    uv.into_iter().chain([dev]).map(Stage::done).collect()
}
