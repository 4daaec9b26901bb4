#pragma once

#include <vector>

#include "ae/core/random.hpp"
#include "ae/core/types.hpp"

/// Calls an optimizer's rule with as many of two moments as the optimizer keeps.
template <class Optimizer>
void update(const auto& rule, auto&& parameter, const auto& gradient, auto&& first, auto&& second) {
  if constexpr (Optimizer::moments == 0) {
    rule(parameter, gradient);
  } else if constexpr (Optimizer::moments == 1) {
    rule(parameter, gradient, first);
  } else {
    rule(parameter, gradient, first, second);
  }
}

/// A parameter with its moments.
template <class Scalar>
struct Trained {
  ae::Matrix<Scalar> value, first, second;

  explicit Trained(const ae::Matrix<Scalar>& start)
      : value(start), first(ae::Matrix<Scalar>::Zero(start.rows(), start.cols())), second(first) {}

  template <class Optimizer>
  void step(const Optimizer& optimizer, double rate, ae::Index count,
            const ae::Matrix<Scalar>& gradient) {
    update<Optimizer>(optimizer.template rule<Scalar>(rate, count), value, gradient, first, second);
  }
};

/// Normal numbers, another matrix for every stream.
inline ae::Matrix<double> random(ae::Index rows, ae::Index cols, std::uint32_t stream) {
  const ae::Random source(1, ae::Purpose::draw, stream);
  return ae::Matrix<double>::NullaryExpr(rows, cols, [&](ae::Index row, ae::Index col) {
    return source.normal(static_cast<std::uint64_t>(row + rows * col));
  });
}

/// The largest difference after 50 steps between an optimizer on a matrix and `ByHand`, which has a
/// `value` and `step(optimizer, rate, count, gradient)`, on its entries one by one.
template <class ByHand, class Scalar>
double error_after_50_steps(const auto& optimizer) {
  const ae::Matrix<double> start = random(3, 7, 0);
  Trained<Scalar> trained(start.cast<Scalar>());
  ae::Matrix<double> expected = start;
  std::vector<ByHand> by_hand;
  for (const double entry : start.reshaped()) by_hand.push_back({entry});
  for (int count = 1; count <= 50; ++count) {
    const ae::Matrix<double> gradient = random(3, 7, static_cast<std::uint32_t>(count));
    trained.step(optimizer, 0.01, count, gradient.cast<Scalar>());
    for (std::size_t i = 0; i < by_hand.size(); ++i) {
      const auto at = static_cast<ae::Index>(i);
      by_hand[i].step(optimizer, 0.01, count, gradient.reshaped()(at));
      expected.reshaped()(at) = by_hand[i].value;
    }
  }
  return (trained.value.template cast<double>() - expected).cwiseAbs().maxCoeff();
}
