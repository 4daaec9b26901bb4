#include "ae/detail/tools/beta_distribution.hpp"

#include "support/expect.hpp"

// scipy.stats.beta(k, n + 1 - k).ppf of SciPy 1.17.1, at 0.025, 0.975 and 0.05.
TEST_CASE("quantiles of the beta distribution are SciPy's") {
  struct Case {
    double n, k, low, high, twentieth;
  };
  for (const auto& [n, k, low, high, twentieth] : std::vector<Case>{
           {99, 1, 0.00025570273666596153, 0.03657574498347893, 0.0005179798867979509},
           {999, 10, 0.004810331195290225, 0.01703274677025096, 0.005440590517323057},
           {300, 15, 0.028251201968496384, 0.0770598381063587, 0.031069949744855267},
           {1000, 500, 0.46854917297179194, 0.5304537166614578, 0.47351773123569124},
           {19, 19, 0.8235330881930346, 0.9986683711958205, 0.8541314966877566},
           {100000, 1000, 0.009392556089098503, 0.010625806643531743, 0.009487997257358383}}) {
    CAPTURE(n);
    const auto quantile = [&](double level) {
      return ae::detail::beta_quantile(k, n + 1 - k, level);
    };
    CHECK(quantile(0.025) == doctest::Approx(low).epsilon(1e-8));
    CHECK(quantile(0.975) == doctest::Approx(high).epsilon(1e-8));
    CHECK(quantile(0.05) == doctest::Approx(twentieth).epsilon(1e-8));
  }
}

TEST_CASE("all of the distribution lies between 0 and 1") {
  CHECK(ae::detail::beta_cumulative(3, 5, 0) == 0);
  CHECK(ae::detail::beta_cumulative(3, 5, 1) == 1);
  CHECK(ae::detail::beta_cumulative(1, 1, 0.3) == doctest::Approx(0.3));
  CHECK(ae::detail::beta_cumulative(2000, 3000, 0.9) == doctest::Approx(1));
  CHECK(ae::detail::beta_cumulative(2000, 3000, 0.01) == doctest::Approx(0));
}
