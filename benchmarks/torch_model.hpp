#pragma once

#include <memory>
#include <string>

#include "horse_network.hpp"

/// The same network in libtorch, behind a wall: its headers take half a minute to compile.
namespace bench {

class TorchModel {
 public:
  explicit TorchModel(const Parameters& start);

  /// One step of Adam on the mean squared error plus L2; returns the error before it.
  double step(const Matrix& x);

  /// x (1024 x any) to its reconstruction, which is left in libtorch's own memory.
  void forward(const Matrix& x) const;
  Matrix reconstruct(const Matrix& x) const;

  static void set_threads(int threads);
  static std::string version();

 private:
  struct Parts;
  std::shared_ptr<Parts> parts_;
};

}  // namespace bench
