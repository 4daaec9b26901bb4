#pragma once

#include <bit>
#include <sstream>

#include "ae/data/scaler.hpp"
#include "ae/io/file.hpp"
#include "ae/nn/stack.hpp"

/// A model as a file: lines of text that say what it is, an empty line, then the numbers, little
/// endian: the scaler's mean and scale if it has them, then each layer's parameters, column by
/// column.
namespace ae {

static_assert(std::endian::native == std::endian::little, "model files are written little endian");

namespace detail {

/// The lines that a file of just this model begins with.
template <class Network>
std::string model_header(const Network& network, bool scaled) {
  std::string header =
      text("ae model, version 1\n", "float", 8 * sizeof(typename Network::Scalar), '\n');
  for (Index i = 0; i < network.size(); ++i) {
    network.visit(i, [&](const auto& layer) {
      header += text("layer ", shape(layer.outputs(), layer.inputs()), ' ', layer.name(), '\n');
    });
  }
  return header + text("scaler ", scaled ? "yes" : "no", "\n\n");
}

/// Throws FileError at the first line in which a file differs from the header it should have.
inline void require_header(const std::filesystem::path& path, const std::string& bytes,
                           const std::string& header) {
  if (bytes.starts_with(header)) return;
  std::istringstream expected(header), found(bytes.substr(0, header.size() + 256));
  std::string want, have;
  for (int line = 1; std::getline(expected, want); ++line) {
    have.clear();
    std::getline(found, have);
    require<FileError>(have == want, path.string(), ", line ", line, ": expected \"", want,
                       "\", found \"", have.substr(0, 80), '"');
  }
  throw FileError(text(path.string(), ": expected a header of ", header.size(),
                       " bytes, found a file of ", bytes.size()));
}

/// Calls f with (pointer, bytes) for every block of numbers of a model, in the order of the file.
template <class Network, class Scalar>
void for_each_block(Network& network, Vector<Scalar>& mean, Scalar& scale, bool scaled, auto&& f) {
  const auto block = [&](Scalar* data, Index count) {
    f(reinterpret_cast<char*>(data), static_cast<std::size_t>(count) * sizeof(Scalar));
  };
  if (scaled) {
    block(mean.data(), mean.size());
    block(&scale, 1);
  }
  for (Index i = 0; i < network.size(); ++i) {
    network.visit(i, [&](auto& layer) {
      for (Index p = 0; p < layer.parameters; ++p) {
        auto value = layer.parameter(p).value;
        block(value.data(), value.size());
      }
    });
  }
}

}  // namespace detail

/// Throws FileError; the file is whole, or as it was before.
template <class Network, class Scalar>
void save_model(const std::filesystem::path& path, Network network, const Scaler<Scalar>& scaler) {
  const bool scaled = !scaler.is_identity();
  std::string bytes = detail::model_header(network, scaled);
  Vector<Scalar> mean = scaler.mean();
  Scalar scale = scaler.scale();
  detail::for_each_block(network, mean, scale, scaled,
                         [&](const char* data, std::size_t count) { bytes.append(data, count); });
  write_file(path, bytes);
}

/// Into a model of the same shapes and activations. Throws FileError for a file of another version,
/// another model, too few or too many bytes; the model is then as it was.
template <class Network, class Scalar>
void load_model(const std::filesystem::path& path, Network& network, Scaler<Scalar>& scaler) {
  const std::string bytes = read_file(path);
  const std::string with_scaler = detail::model_header(network, true);
  const bool scaled = bytes.substr(0, with_scaler.size()).find("\nscaler yes") != std::string::npos;
  const std::string header = scaled ? with_scaler : detail::model_header(network, false);
  detail::require_header(path, bytes, header);

  Network read = network;
  Vector<Scalar> mean(input_size(network));
  Scalar scale = 1;
  std::size_t size = header.size();
  detail::for_each_block(read, mean, scale, scaled, [&](char*, std::size_t n) { size += n; });
  require<FileError>(bytes.size() == size, path.string(), ": expected ", size, " bytes, found ",
                     bytes.size());

  std::size_t position = header.size();
  detail::for_each_block(read, mean, scale, scaled, [&](char* data, std::size_t count) {
    std::memcpy(data, bytes.data() + position, count);
    position += count;
  });
  try {
    scaler = scaled ? Scaler<Scalar>(std::move(mean), scale) : Scaler<Scalar>();
  } catch (const OptionError& error) {
    throw FileError(text(path.string(), ": ", error.what()));
  }
  network = std::move(read);
}

}  // namespace ae
