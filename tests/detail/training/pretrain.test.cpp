#include "ae/detail/training/pretrain.hpp"

#include "ae/autoencoder.hpp"
#include "support/expect.hpp"

using ae::Matrix;

TEST_CASE("layers that were trained one by one begin nearer to the data") {
  const Matrix<float> x = Matrix<float>::Random(12, 3) * Matrix<float>::Random(3, 300);
  ae::StackedAutoencoder model({12, 8, 3}, 1);
  model.set_scaler(ae::Scaler<float>::fit(x));
  const double before = model.evaluate(x);
  const auto histories = model.pretrain(x, {.epochs = 60, .batch_size = 50, .learning_rate = 0.01});
  REQUIRE(histories.size() == 2);
  for (const auto& history : histories) {
    CHECK(history.back().data_loss < history.front().data_loss / 2);
  }
  CHECK(model.evaluate(x) < before / 2);
}

TEST_CASE("a decoder that is no mirror image is refused") {
  ae::StackedAutoencoder model(ae::Stack<float>({6, 4, 2}), ae::Stack<float>({2, 6}));
  CHECK(says(message_of<ae::ShapeError>([&] { model.pretrain(Matrix<float>::Random(6, 9)); }),
             "3 layers"));
}
