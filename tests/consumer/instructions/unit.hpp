#pragma once

/// What a unit learns, and where it has a function of ae's.
struct Learnt {
  double error;
  const void* function;
};
