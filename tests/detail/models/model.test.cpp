#include "ae/detail/models/model.hpp"

#include "support/expect.hpp"

using Model = ae::detail::Model<ae::Stack<double>>;

TEST_CASE("weights and biases are set and read by layer") {
  Model model(ae::Stack<double>({4, 3, 2}));
  model.set_weight(1, ae::Matrix<double>::Constant(2, 3, 5));
  model.set_bias(0, ae::Vector<double>::Constant(3, 7));
  CHECK(model.weight(1)(1, 2) == 5);
  CHECK(model.bias(0)[2] == 7);
  CHECK(model.layers() == 2);
  CHECK(model.features() == 4);
  CHECK(says(message_of<ae::ShapeError>([&] { model.weight(2); }), "from 0 to 1", "found 2"));
}

TEST_CASE("a scaler of another width and a threshold that is no number are refused") {
  Model model(ae::Stack<double>({4, 2}));
  CHECK(says(message_of<ae::ShapeError>([&] {
               model.set_scaler({ae::Vector<double>::Zero(3), 1});
             }),
             "4 features", "3"));
  CHECK(says(message_of<ae::OptionError>([&] { model.set_threshold(std::nan("")); }), "nan"));
  CHECK(!model.threshold());
  model.set_threshold(3);
  CHECK(*model.threshold() == 3);
}

TEST_CASE("what was restored is there") {
  Model model(ae::Stack<double>({4, 2})), other = model;
  other.set_weight(0, ae::Matrix<double>::Ones(2, 4));
  ae::detail::TrainingState<double> state;
  state.steps = 9;
  model.restore(other.network(), {ae::Vector<double>::Zero(4), 2}, 5, state);
  CHECK(model.weight(0).sum() == 8);
  CHECK(model.scaler().unit() == 2);
  CHECK(*model.threshold() == 5);
  CHECK(model.training().steps == 9);
}
