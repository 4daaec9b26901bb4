// Must not compile, and the message must name what is missing: fit is given something that is
// neither an optimizer nor a loss nor a regularizer.
#include "ae/autoencoder.hpp"

struct Hope {};

void train(ae::StackedAutoencoder<>& model, const ae::Matrix<float>& x) {
  model.fit(x, {}, Hope{});
}
