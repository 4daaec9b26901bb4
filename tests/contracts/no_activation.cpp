// Must not compile, and the message must name what is missing: a type with neither
// derivative(y) nor derivative_at(z).
#include "ae/layers/dense.hpp"

struct Half {
  static constexpr std::string_view name = "half";
  auto value(const auto& z) const { return z / 2; }
};

ae::Dense<float, Half> layer(3, 2);
