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

/// What training asks of the parts of a fit. It hides their types, so that training is compiled
/// once for each scalar type. A call is for a whole tile or matrix, never for one element.
///
/// `per_unit` is the factor on the gradients of penalties, which are in the units of the loss of
/// the caller's data; with it they are added to those of the network's loss.
template <class Scalar>
class TrainingParts {
 public:
  using View = linalg::View<Scalar>;
  using ConstView = linalg::ConstView<Scalar>;

  virtual ~TrainingParts() = default;

  /// The optional parts that this fit has.
  struct Present {
    std::optional<Dropout> dropout;
    std::optional<ClipGradients> clipping;
    bool corruption = false, tied_weights = false;
    bool activity_penalty = false, reparameterization = false, contractive = false;
  } present;

  bool act_between_layers() const {
    return present.dropout || present.activity_penalty || present.reparameterization ||
           present.contractive;
  }

  // The loss.

  /// With data divided by `scale`: the loss times this factor is the loss in the data's own units.
  virtual double loss_units(double scale) const = 0;

  virtual Link link() const = 0;
  virtual TargetRange targets() const = 0;

  /// For a tile of outputs: dy becomes dL/dy times the sample's weight, and sums[j * stride] the
  /// loss of column j, without the weight.
  virtual void loss(ConstView y, ConstView target, const Scalar* sample_weights, View dy,
                    Scalar* sums, Index stride) const = 0;

  /// A factor on all gradients, penalties' too, so that the minimum stays where it is. `units` is
  /// what `loss_units` gave.
  virtual double gradient_scale(double units) const = 0;

  // The regularizer and the optimizer.

  virtual double weight_penalty(ConstView weight) const = 0;

  /// How many moments of a parameter the optimizer keeps.
  virtual Index moments() const = 0;

  /// Called before the updates of a step; `step` counts from 1.
  virtual void begin_step(double rate, Index step, Scalar per_unit) = 0;

  /// Updates a tile of a parameter and its moments. If not `regularized`, neither the regularizer
  /// nor weight decay acts on it.
  virtual void update(bool regularized, const ParameterTile<Scalar>& tile) const = 0;

  // What is done to samples. x is changed in place with the random numbers from `index` on. It is
  // in the units of the data; `corrupt` gets it scaled if each feature has its own divisor.

  virtual void augment(MatrixRef<Scalar> x, const Random& random, std::uint64_t index) const = 0;
  virtual void corrupt(MatrixRef<Scalar> x, const Random& random, std::uint64_t index) const = 0;

  // What is done to codes (code size x batch); `done` is the share of the fit that is over, from
  // 0 to 1.

  virtual double activity_penalty(ConstView codes, double done) const = 0;
  virtual void add_activity_gradient(ConstView codes, double done, Scalar per_unit,
                                     View delta) const = 0;

  /// Draws z (latent x batch) from the encoder's outputs (2 latent x batch: means, then log
  /// variances), and keeps deviation * noise in `scaled_noise` for `backward_codes`.
  virtual void draw_codes(ConstView distributions, const Random& random, Matrix<Scalar>& z,
                          Matrix<Scalar>& scaled_noise) const = 0;

  /// From dL/dz to dL/d(distributions), which is written to `delta`, not added.
  virtual void backward_codes(ConstView distributions, const Matrix<Scalar>& dz,
                              const Matrix<Scalar>& scaled_noise, View delta) const = 0;

  // The contractive penalty. The first call, after a batch's forward pass, computes the penalty and
  // its derivatives; the other two add the derivatives to what the backward pass has.

  virtual double contractive_penalty(const TrainableNetwork<Scalar>& network, Index code,
                                     Workspace<Scalar>& workspace, const Random& random,
                                     Scalar per_unit) = 0;
  virtual void add_contractive_delta(Index layer, const BackwardRef<Scalar>& ref, ConstView kept,
                                     View delta) const = 0;
  virtual void add_contractive_gradients(PerParameter<Scalar>& gradients) const = 0;
};

}  // namespace ae::inline AE_ABI::detail
