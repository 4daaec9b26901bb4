#include "ae/training/options.hpp"

#include "support/expect.hpp"

TEST_CASE("options that are in range are taken") {
  CHECK_NOTHROW(ae::require_valid({}, 10, false));
  CHECK_NOTHROW(ae::require_valid({.patience = 3}, 10, true));
  CHECK_NOTHROW(ae::require_valid({.sample_weights = {0, 1, 2}}, 3, false));
}

TEST_CASE("options out of range are refused with what was found") {
  const auto refused = [](const ae::FitOptions& options) {
    return message_of([&] { ae::require_valid(options, 3, false); });
  };
  CHECK(says(refused({.epochs = 2'000'000'000}), "1,000,000,000", "2000000000"));
  CHECK(says(refused({.learning_rate = std::nan("")}), "rate above 0", "nan"));
  CHECK(says(refused({.ema_decay = 1.5}), "ema_decay", "1.5"));
  CHECK(says(refused({.sample_weights = {1, 2}}), "3 samples", "found 2"));
  CHECK(says(refused({.sample_weights = {1, std::nan(""), 1}}), "nan", "sample 1"));
}
