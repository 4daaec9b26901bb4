#pragma once

#include "ae/detail/core/abi.hpp"

#include <optional>

#include "ae/core/random.hpp"
#include "ae/detail/layers/backprop.hpp"
#include "ae/detail/layers/per_parameter.hpp"
#include "ae/parts/clip_gradients.hpp"
#include "ae/parts/dropout.hpp"
#include "ae/parts/loss.hpp"

namespace ae::inline AE_ABI::detail {

/// A tile of a parameter, of its gradient and of the moments that the optimizer keeps of it.
template <class Scalar>
struct ParameterTile {
  template <class T>
  struct Columns {
    T* first = nullptr;
    Index stride = 0;

    T* operator[](Index j) const { return first + j * stride; }
  };

  Index rows, cols;
  Columns<const Scalar> gradient;
  Columns<Scalar> parameter, moments[2];
};

/// The parts of a fit as training asks them, whatever their types are, so that training is compiled
/// once for a scalar type. What runs for every element is called for a tile or a matrix at once.
template <class Scalar>
class TrainingParts {
 public:
  using View = linalg::View<Scalar>;
  using ConstView = linalg::ConstView<Scalar>;

  virtual ~TrainingParts() = default;

  /// What is there of the parts that need not be.
  struct Present {
    std::optional<Dropout> dropout;
    std::optional<ClipGradients> clipping;
    bool corruption = false, tied_weights = false;
    bool activity_penalty = false, reparameterization = false, contractive = false;
  } present;

  bool between_layers() const {
    return present.dropout || present.activity_penalty || present.reparameterization ||
           present.contractive;
  }

  // The loss.

  /// The factor by which the loss of data divided by `scale` grows back to the data's units.
  virtual double loss_units(double scale) const = 0;

  virtual Link link() const = 0;
  virtual TargetRange targets() const = 0;

  /// Of a tile of outputs: dy becomes each sample's weight times dL/dy, and sums[j * stride] the
  /// loss of column j.
  virtual void loss(ConstView y, ConstView target, const Scalar* weights, View dy, Scalar* sums,
                    Index stride) const = 0;

  /// A factor on all gradients, which leaves what is minimised the same; `units` is that of
  /// `loss_units`.
  virtual double gradient_scale(double units) const = 0;

  // The regularizer and the optimizer.

  virtual double weight_penalty(ConstView weight) const = 0;

  /// How many moments of a parameter the optimizer keeps.
  virtual Index moments() const = 0;

  /// Before the updates of a step, counted from 1. The regularizer's gradient is multiplied by
  /// `per_unit`.
  virtual void begin_step(double rate, Index step, Scalar per_unit) = 0;

  /// Updates a tile of a parameter and its moments.
  virtual void update(bool regularized, const ParameterTile<Scalar>& tile) const = 0;

  // What is done to samples, in the units of the data.

  virtual void augment(MatrixRef<Scalar> x, const Random& random, std::uint64_t index) const = 0;
  virtual void corrupt(MatrixRef<Scalar> x, const Random& random, std::uint64_t index) const = 0;

  // What is done to codes (code size x batch); `done` is how much of the fit is, from 0 to 1.

  virtual double activity_penalty(ConstView codes, double done) const = 0;
  virtual void add_activity_gradient(ConstView codes, double done, Scalar per_unit,
                                     View delta) const = 0;
  virtual void draw_codes(ConstView distributions, const Random& random, Matrix<Scalar>& z,
                          Matrix<Scalar>& scaled_noise) const = 0;
  virtual void backward_codes(ConstView distributions, const Matrix<Scalar>& dz,
                              const Matrix<Scalar>& scaled_noise, View delta) const = 0;

  // The contractive penalty: of a batch whose forward pass is over, then its derivatives.

  virtual double contractive_penalty(const TrainableNetwork<Scalar>& network, Index code,
                                     Workspace<Scalar>& workspace, const Random& random,
                                     Scalar per_unit) = 0;
  virtual void add_contractive_delta(Index layer, const BackwardRef<Scalar>& ref, ConstView kept,
                                     View delta) const = 0;
  virtual void add_contractive_gradients(PerParameter<Scalar>& gradients) const = 0;
};

}  // namespace ae::inline AE_ABI::detail
