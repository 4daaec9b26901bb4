#include "ae/train/parts.hpp"

#include <doctest/doctest.h>

#include "ae/nn/activation.hpp"
#include "ae/nn/loss.hpp"
#include "ae/nn/optimizer.hpp"
#include "ae/nn/regularizer.hpp"

using ae::Adam;
using ae::choose;
using ae::IsLoss;
using ae::IsOptimizer;
using ae::IsRegularizer;
using ae::L2;
using ae::Mse;

namespace {

struct AbsoluteError {
  auto value(const auto& y, const auto& target) const { return (y - target).abs(); }
  auto derivative(const auto& y, const auto& target) const { return (y - target).sign(); }
  double units(double scale) const { return scale; }
};

}  // namespace

static_assert(ae::Part<Adam> && ae::Part<Mse> && ae::Part<L2> && ae::Part<AbsoluteError>);
static_assert(!ae::Part<ae::Elu> && !ae::Part<double>);

static_assert(
    std::is_same_v<decltype(choose<IsLoss>(Mse{}, L2{}, AbsoluteError{})), AbsoluteError>);
static_assert(std::is_same_v<decltype(choose<IsLoss>(Mse{}, L2{}, Adam{})), Mse>);

TEST_CASE("a part is found wherever it stands") {
  const Adam adam{.beta1 = 0.5};
  const L2 l2{0.1};
  CHECK(choose<IsOptimizer>(Adam{}, adam, l2, Mse{}).beta1 == 0.5);
  CHECK(choose<IsOptimizer>(Adam{}, Mse{}, l2, adam).beta1 == 0.5);
  CHECK(choose<IsRegularizer>(L2{}, adam, l2).lambda == 0.1);
  CHECK(choose<IsRegularizer>(L2{}, l2).lambda == 0.1);
}

TEST_CASE("a kind that is not among the parts is the fallback") {
  CHECK(choose<IsRegularizer>(L2{0.7}).lambda == 0.7);
  CHECK(choose<IsRegularizer>(L2{0.7}, Adam{}, Mse{}).lambda == 0.7);
}
