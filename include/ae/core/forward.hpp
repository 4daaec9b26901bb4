#pragma once

#include "ae/detail/core/abi.hpp"

/// The activations, losses, regularizers and optimizers of the library, declared and not defined.
namespace ae::inline AE_ABI {

struct Identity;
struct Elu;
struct Selu;
struct Relu;
struct LeakyRelu;
struct Sigmoid;
struct Tanh;
struct Softplus;
struct Gelu;
struct Silu;
class AnyActivation;

struct Mse;
struct Mae;
struct Huber;
struct BinaryCrossEntropy;
class AnyLoss;

struct NoRegularizer;
struct L1;
struct L2;
struct Elastic;

struct Adam;
struct AdamW;
struct Nadam;
struct RmsProp;
struct Sgd;
struct Lion;
class AnyOptimizer;

}  // namespace ae::inline AE_ABI
