#include "ae/detail/io/activation_table.hpp"

#include "ae/autoencoder.hpp"
#include "support/expect.hpp"

using ae::detail::ActivationTable;

namespace {

/// The largest difference between an activation and its table, for z from -100 to 100.
float worst(const auto& activation, int intervals) {
  const ActivationTable table(activation, intervals);
  Eigen::ArrayXf z = Eigen::ArrayXf::LinSpaced(20'001, -100, 100);
  z[0] = std::nextafter(ActivationTable::range, 0.0f);
  const Eigen::ArrayXf y = activation.value(z);
  return (z.unaryExpr(table) - y).abs().maxCoeff();
}

struct Square {
  auto value(const auto& z) const { return z * z * z.square().square().square().square(); }
};

}  // namespace

TEST_CASE("a table is its activation, but for a step squared times a curvature") {
  CHECK(worst(ae::Tanh{}, 256) < 4e-4f);
  CHECK(worst(ae::Sigmoid{}, 256) < 4e-4f);
  CHECK(worst(ae::Elu{}, 256) < 6e-4f);
  CHECK(worst(ae::Selu{}, 256) < 9e-4f);
  CHECK(worst(ae::Softplus{}, 256) < 4e-4f);
  CHECK(worst(ae::Gelu{}, 256) < 4e-4f);
  CHECK(worst(ae::Silu{}, 256) < 3e-3f);
  CHECK(worst(ae::Tanh{}, 2048) < 1e-5f);
  CHECK(worst(ae::Identity{}, 2) < 1e-5f);
}

TEST_CASE("what a table gives at its points, between them and far away") {
  const ActivationTable table(ae::Elu{}, 16);
  CHECK(table.values().size() == 17);
  CHECK((table.below() == 0 && table.above() == 1));
  CHECK(table(2) == 2);
  CHECK(table(-8) == table.values()[0]);
  CHECK(table(-1e30f) == table.values()[0]);
  CHECK(table(1e30f) == doctest::Approx(1e30));
  CHECK(table(-0.5f) == doctest::Approx(table.values()[7] / 2));
  CHECK(std::isnan(table(NAN)));
}

TEST_CASE("an activation that is not finite far away cannot be a table") {
  CHECK(says(message_of<ae::OptionError>([] { ActivationTable(Square{}, 16); }), "finite for z",
             "2000"));
}
