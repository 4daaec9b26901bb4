#pragma once

/// The model, and every part that its `fit` takes: all that most programs include.

#include "ae/models/stacked_autoencoder.hpp"
#include "ae/models/summary.hpp"
#include "ae/parts/activation.hpp"
#include "ae/parts/activity_penalty.hpp"
#include "ae/parts/augmentation.hpp"
#include "ae/parts/clip_gradients.hpp"
#include "ae/parts/contractive.hpp"
#include "ae/parts/corruption.hpp"
#include "ae/parts/dropout.hpp"
#include "ae/parts/initializer.hpp"
#include "ae/parts/loss.hpp"
#include "ae/parts/optimizer.hpp"
#include "ae/parts/regularizer.hpp"
#include "ae/parts/tied_weights.hpp"
#include "ae/parts/validation.hpp"
#include "ae/training/schedule.hpp"
