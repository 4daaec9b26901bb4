#include "ae/models/summary.hpp"

#include "ae/autoencoder.hpp"
#include "support/expect.hpp"

TEST_CASE("a summary has a line for each layer, and the sum of the parameters") {
  const std::string table = ae::summary(ae::StackedAutoencoder({1024, 300, 150}));
  CHECK(table ==
        "layer      inputs   outputs  activation    parameters\n"
        "0            1024       300  elu               307500\n"
        "1 code        300       150  elu                45150\n"
        "2             150       300  elu                45300\n"
        "3             300      1024  identity          308224\n"
        "all                                            706174\n");
}
