#include "ae/detail/training/state.hpp"

#include "support/expect.hpp"

TEST_CASE("moments are zeros of the parameters' shapes, and stay once they are there") {
  ae::Stack<double> layers({3, 2});
  const auto network = ae::detail::trainable(layers);
  ae::detail::TrainingState<double> state;
  state.prepare(network, 2);
  CHECK(state.first_moment(0, 0) == ae::Matrix<double>::Zero(2, 3));
  state.second_moment(0, 1).setOnes();
  state.prepare(network, 2);
  CHECK(state.second_moment(0, 1) == ae::Matrix<double>::Ones(2, 1));
}

TEST_CASE("there are no more moments than the optimizer keeps") {
  ae::Stack<double> layers({3, 2});
  const auto network = ae::detail::trainable(layers);
  ae::detail::TrainingState<double> none, one;
  none.prepare(network, 0);
  CHECK(none.first_moment.empty());
  one.prepare(network, 1);
  CHECK(!one.first_moment.empty());
  CHECK(one.second_moment.empty());
}
