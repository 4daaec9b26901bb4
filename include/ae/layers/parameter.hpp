#pragma once

#include "ae/detail/core/abi.hpp"

#include <string_view>
#include <type_traits>

#include "ae/core/types.hpp"

namespace ae::inline AE_ABI {

/// A view of one parameter of a layer, for optimizers, files and callers: of `const Scalar` where
/// it may only be read.
/// ~~~{.cpp}
/// model.visit(0, [](const auto& layer) {
///   const auto parameter = layer.parameter(0);
///   std::cout << parameter.name << ": " << parameter.value.norm() << '\n';
/// });
/// ~~~
template <class Scalar>
struct Parameter {
  using Plain = Matrix<std::remove_const_t<Scalar>>;

  std::string_view name;
  Eigen::Map<std::conditional_t<std::is_const_v<Scalar>, const Plain, Plain>> value;
  bool regularized;
  bool trained = true;  ///< false: the layer itself changes it, no optimizer
};

}  // namespace ae::inline AE_ABI
