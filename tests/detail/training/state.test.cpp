#include "ae/detail/training/state.hpp"

#include "support/expect.hpp"

TEST_CASE("moments are zeros of the parameters' shapes, and stay once they are there") {
  ae::Stack<double> layers({3, 2});
  ae::detail::TrainingState<double> state;
  state.prepare(layers);
  CHECK(state.first(0, 0) == ae::Matrix<double>::Zero(2, 3));
  state.second(0, 1).setOnes();
  state.prepare(layers);
  CHECK(state.second(0, 1) == ae::Matrix<double>::Ones(2, 1));
}
