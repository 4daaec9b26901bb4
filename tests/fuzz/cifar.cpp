#include "ae/data/cifar.hpp"

// The bytes of CIFAR files, as records of one label and of two.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (const ae::Index labels : {1, 2}) {
    try {
      const ae::Pictures pictures(std::vector<std::uint8_t>(data, data + size), labels);
      pictures.matrix();
      pictures.grayscale().matrix<double>();
      for (ae::Index i = 0; i < pictures.samples(); ++i) {
        pictures.only(pictures.label(i));
        pictures.only(pictures.coarse_label(i));
      }
    } catch (const ae::Error&) {
    }
  }
  return 0;
}
