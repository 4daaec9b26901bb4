#include "ae/detail/training/rollback.hpp"

#include "support/expect.hpp"
#include "support/parameters.hpp"

TEST_CASE("weights and state go back to where they were kept") {
  ae::Stack<double> layers({3, 2});
  ae::detail::TrainingState<double> state;
  auto network = ae::detail::trainable(layers);
  ae::detail::Rollback<double> rollback;
  state.steps = 4;
  rollback.go_back(network, state);
  CHECK(state.steps == 4);
  rollback.keep(network, state);
  state.steps = 5;
  parameter_of(layers, 0, 0).value.setOnes();
  rollback.go_back(network, state);
  CHECK(state.steps == 4);
  CHECK(parameter_of(layers, 0, 0).value.sum() == 0);
}
