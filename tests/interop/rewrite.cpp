#include <cstring>
#include <iostream>
#include <string>

#include "ae/data/npy.hpp"
#include "ae/io/import_weights.hpp"
#include "ae/io/model_file.hpp"
#include "ae/models/stacked_autoencoder.hpp"

// rewrite KIND IN OUT: reads a file that Python wrote and writes what was read, for Python to read.
// f4, f8 and u1 are arrays, written as matrices of that type; tensors are every tensor of a
// safetensors file as it is, matrices its tensors as matrices of float, and model the autoencoder
// with ReLU that is made of it.

namespace {

ae::SafeTensors as_matrices(const ae::SafeTensors& file) {
  ae::SafeTensors matrices;
  for (const auto& [name, tensor] : file.tensors) {
    matrices.tensors.emplace(name, ae::to_tensor(ae::to_matrix<float>(tensor, name)));
  }
  return matrices;
}

int rewrite(const std::string& kind, const std::string& in, const std::string& out) {
  if (kind == "f4") {
    ae::npy::write(ae::npy::read(in).matrix<float>(), out);
  } else if (kind == "f8") {
    ae::npy::write(ae::npy::read(in).matrix<double>(), out);
  } else if (kind == "u1") {
    ae::npy::write(ae::npy::read(in).matrix<std::uint8_t>(), out);
  } else if (kind == "tensors") {
    ae::write_safetensors(ae::read_safetensors(in), out);
  } else if (kind == "matrices") {
    ae::write_safetensors(as_matrices(ae::read_safetensors(in)), out);
  } else if (kind == "model") {
    using Model = ae::StackedAutoencoder<float, ae::Stack<float, ae::Relu, ae::Identity>>;
    ae::save(ae::import_model<Model>(in), out);
  } else {
    std::cerr << "rewrite: expected f4, f8, u1, tensors, matrices or model, found " << kind << '\n';
    return 2;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: rewrite KIND IN OUT\n";
    return 2;
  }
  try {
    return rewrite(argv[1], argv[2], argv[3]);
  } catch (const ae::Error& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
