#include "ae/detail/linalg/arithmetic.hpp"

#include "ae/detail/linalg/bfloat16_pairs.hpp"
#include "support/expect.hpp"

TEST_CASE("both products of a pair are added to the sum, by packets as by single numbers") {
  using ae::detail::DotBfloat16;
  using Packet = ae::detail::Blocking<float>::Packet;
  constexpr ae::Index width = ae::detail::Blocking<float>::width;
  const ae::Vector<float> a = ae::Vector<float>::Random(2 * width);
  const ae::Vector<float> b = ae::Vector<float>::Random(2 * width);
  alignas(64) float lhs[width], rhs[width], sum[width], found[width];
  for (ae::Index i = 0; i < width; ++i) {
    lhs[i] = ae::detail::bfloat16_pair(a[2 * i], a[2 * i + 1]);
    rhs[i] = ae::detail::bfloat16_pair(b[2 * i], b[2 * i + 1]);
    sum[i] = static_cast<float>(i) / 16;
  }
  using namespace Eigen::internal;
  pstore(found, DotBfloat16::add(pload<Packet>(lhs), pload<Packet>(rhs), pload<Packet>(sum)));
  for (ae::Index i = 0; i < width; ++i) {
    const auto rounded = [](float value) { return static_cast<double>(Eigen::bfloat16(value)); };
    const double exact = static_cast<double>(sum[i]) + rounded(a[2 * i]) * rounded(b[2 * i]) +
                         rounded(a[2 * i + 1]) * rounded(b[2 * i + 1]);
    CHECK(std::abs(static_cast<double>(found[i]) - exact) < 4e-7 * (1 + std::abs(exact)));
#ifndef AE_BFLOAT16_NEON  // which adds in another order
    CHECK(found[i] == DotBfloat16::add(lhs[i], rhs[i], sum[i]));
#endif
  }
}
