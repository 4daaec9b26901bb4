// Files: a model to load again, to run with ONNX Runtime, and to compile into a program that has
// neither ae nor Eigen.

#include <ae/autoencoder.hpp>
#include <ae/io/export_header.hpp>
#include <ae/io/model_file.hpp>
#include <ae/io/onnx.hpp>
#include <filesystem>
#include <iostream>

int main() {
  const ae::Matrix<float> x = ae::Matrix<float>::Random(20, 3) * ae::Matrix<float>::Random(3, 500);
  ae::StackedAutoencoder model({20, 12, 3});
  model.fit(x, {.epochs = 10, .batch_size = 50});

  // A safetensors file: PyTorch and NumPy read its tensors too.
  ae::save(model, "model.safetensors");
  const auto copy = ae::load<ae::StackedAutoencoder<>>("model.safetensors");

  // For ONNX Runtime; of the encoder only, which gives codes.
  ae::export_onnx(model, "encoder.onnx", ae::ModelPart::encoder);

  // A C++17 header with the weights and model::encode, model::decode and model::reconstruct.
  ae::export_header(model, "model.hpp");

  for (const char* file : {"model.safetensors", "encoder.onnx", "model.hpp"}) {
    std::cout << file << ": " << std::filesystem::file_size(file) << " bytes\n";
  }
  return copy.reconstruct(x) == model.reconstruct(x) ? 0 : 1;
}
