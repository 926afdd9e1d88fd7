mod layers;
mod problems;
