#include "ae/detail/training/fit_parts.hpp"

#include "ae/parts/activation.hpp"
#include "ae/parts/activity_penalty.hpp"
#include "ae/parts/augmentation.hpp"
#include "ae/parts/corruption.hpp"
#include "ae/parts/gaussian_kl.hpp"
#include "support/expect.hpp"

using ae::Adam;
using ae::L2;
using ae::Mse;
using ae::detail::FitParts;

namespace {

struct AbsoluteError {
  auto value(const auto& y, const auto& target) const { return (y - target).abs(); }
  auto derivative(const auto& y, const auto& target) const { return (y - target).sign(); }
  double units(double scale) const { return scale; }
};

/// Whether a part is of this kind and of no other.
template <template <class> class Kind, class T>
constexpr bool only =
    Kind<T>::value&& int{ae::detail::kind::Optimizer<T>::value} + ae::detail::kind::Loss<T>::value +
        ae::detail::kind::Regularizer<T>::value + ae::detail::kind::Augmentation<T>::value +
        ae::detail::kind::Corruption<T>::value + ae::detail::kind::ActivityPenalty<T>::value ==
    1;

}  // namespace

static_assert(only<ae::detail::kind::Optimizer, Adam>);
static_assert(only<ae::detail::kind::Loss, Mse> && only<ae::detail::kind::Loss, AbsoluteError>);
static_assert(only<ae::detail::kind::Regularizer, L2>);
static_assert(only<ae::detail::kind::Augmentation, ae::RandomFlipAndShift>);
static_assert(only<ae::detail::kind::Corruption, ae::GaussianNoise>);
static_assert(only<ae::detail::kind::Corruption, ae::Masking>);
static_assert(only<ae::detail::kind::Corruption, ae::SaltAndPepper>);
static_assert(only<ae::detail::kind::ActivityPenalty, ae::SparseL1>);
static_assert(only<ae::detail::kind::ActivityPenalty, ae::SparseKl>);
static_assert(only<ae::detail::kind::ActivityPenalty, ae::GaussianKl>);
static_assert(ae::Part<ae::Contractive> && ae::Part<ae::Dropout> && ae::Part<ae::TiedWeights>);
static_assert(ae::Part<ae::Validation<ae::Matrix<float>>>);
static_assert(!ae::Part<ae::Elu> && !ae::Part<double>);

TEST_CASE("a part is found wherever it stands") {
  const Adam adam{.beta1 = 0.5};
  const L2 l2{0.1};
  CHECK(FitParts(adam, l2, Mse{}).optimizer().beta1 == 0.5);
  CHECK(FitParts(Mse{}, l2, adam).optimizer().beta1 == 0.5);
  CHECK(FitParts(adam, l2).regularizer().lambda == 0.1);
  CHECK(FitParts(ae::Dropout{0.3}, l2).get<ae::detail::kind::Dropout>().probability == 0.3);
}

TEST_CASE("a kind that is not among the parts is its default") {
  CHECK(FitParts(Mse{}).regularizer().penalty(ae::Matrix<double>::Ones(2, 2)) == 0);
  CHECK(FitParts().optimizer().beta2 == 0.999);
  static_assert(std::is_same_v<decltype(FitParts(L2{}, Adam{}).loss()), Mse>);
  static_assert(std::is_same_v<decltype(FitParts(L2{}, AbsoluteError{}).loss()), AbsoluteError>);
  static_assert(!FitParts<L2>::has<ae::detail::kind::Dropout>);
}

TEST_CASE("a part whose numbers are out of range is refused with what was found") {
  const auto refused = [](const auto& part) {
    return message_of<ae::OptionError>([&] { FitParts parts(part); });
  };
  CHECK(says(refused(L2{-1}), "lambda", "-1"));
  CHECK(says(refused(Adam{.beta1 = 1}), "betas", "1"));
  CHECK(says(refused(ae::Dropout{1}), "dropout", "below 1", "found 1"));
  CHECK(says(refused(ae::Dropout{-0.5}), "found -0.5"));
  CHECK(says(refused(ae::GaussianNoise{-1}), "sigma", "-1"));
  CHECK(says(refused(ae::Masking{1.5}), "probability from 0 to 1", "1.5"));
  CHECK(says(refused(ae::SaltAndPepper{std::nan("")}), "probability", "nan"));
  CHECK(says(refused(ae::RandomFlipAndShift{0}), "width", "0"));
  CHECK(says(refused(ae::ClipGradients{.norm = 0}), "norm above 0", "0"));
  CHECK(says(refused(ae::ClipGradients{.value = -1}), "value above 0", "-1"));
  CHECK(says(refused(ae::SparseL1{-2}), "lambda", "-2"));
  CHECK(says(refused(ae::SparseKl{.target = 1}), "target between 0 and 1", "found 1"));
  CHECK(says(refused(ae::SparseKl{.beta = -1}), "beta", "-1"));
  CHECK(says(refused(ae::Contractive{-1}), "lambda", "-1"));
  CHECK(says(refused(ae::Contractive{1, -1}), "directions", "-1"));
  CHECK(says(refused(ae::GaussianKl{.weight = -1}), "weight", "-1"));
  CHECK(says(refused(ae::GaussianKl{.warmup = 2}), "warm-up", "2"));
}
