#include "ae/autoencoder.hpp"
#include "ae/io/model_file.hpp"

// A model's file, for a model that is there and for one of the sizes in the file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using Model = ae::StackedAutoencoder<>;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  try {
    const ae::SafeTensors file = ae::parse_safetensors(bytes, "file");
    const auto description = ae::detail::parse_description(file.metadata, "file");
    Model(ae::detail::sizes_of(description, ae::detail::bytes_of(file), "file"));
    Model model({3, 2});
    ae::detail::read_model(model, file, description, "file");
  } catch (const ae::Error&) {
  }
  return 0;
}
