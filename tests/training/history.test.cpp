#include "ae/training/history.hpp"

#include <doctest/doctest.h>

TEST_CASE("the total is the data loss and the penalty") {
  const ae::EpochReport report{
      .epoch = 3, .data_loss = 2.5, .penalty = 0.25, .learning_rate = 1e-3, .seconds = 1};
  CHECK(report.total() == 2.75);
}

TEST_CASE("a history is the reports in order") {
  ae::History history;
  for (ae::Index epoch = 0; epoch < 3; ++epoch)
    history.push_back(
        {.epoch = epoch, .data_loss = 1, .penalty = 0, .learning_rate = 1e-3, .seconds = 1});
  CHECK(history.size() == 3);
  CHECK(history.back().epoch == 2);
}
