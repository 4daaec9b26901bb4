#include "ae/io/checkpoint.hpp"

#include <cstddef>
#include <cstdint>

#include "ae/autoencoder.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static ae::StackedAutoencoder<float> model({3, 2});
  static const ae::Matrix<float> x = ae::Matrix<float>::Random(3, 20);
  static const ae::FitOptions options{.epochs = 3,
                                      .batch_size = 5,
                                      .ema_decay = 0.9,
                                      .validation_split = 0.2,
                                      .patience = 2,
                                      .seed = ~std::uint64_t{0},
                                      .resume = true};
  try {
    ae::restore_checkpoint(model, {reinterpret_cast<const char*>(data), size}, "fuzz");
    model.fit(x, options);  // goes on, or says why not
  } catch (const ae::Error&) {
  }
  return 0;
}
