#include "ae/training/history.hpp"

#include <doctest/doctest.h>

TEST_CASE("the total is the data loss and the penalty") {
  const ae::EpochReport report{
      .epoch = 3, .data_loss = 2.5, .penalty = 0.25, .learning_rate = 1e-3, .seconds = 1};
  CHECK(report.total() == 2.75);
}

TEST_CASE("what is said nothing of is a fit of one step that is to come") {
  const ae::Progress at;
  CHECK(at.epoch == 0);
  CHECK(at.epochs == 1);
  CHECK(at.step == 0);
  CHECK(at.steps == 1);
  CHECK(at.done == 0);
  CHECK(!at.epoch_ended);
  CHECK(!at.stop);
}

TEST_CASE("a history is the reports in order") {
  ae::History history;
  for (ae::Index epoch = 0; epoch < 3; ++epoch)
    history.push_back(
        {.epoch = epoch, .data_loss = 1, .penalty = 0, .learning_rate = 1e-3, .seconds = 1});
  CHECK(history.size() == 3);
  CHECK(history.back().epoch == 2);
}
