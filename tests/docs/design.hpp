#include <ae/autoencoder.hpp>
#include <ae/linalg/epilogue.hpp>
#include <ae/linalg/product.hpp>

// What the page speaks of: a layer, its batch, and a step of the optimizer.
using namespace ae;
extern Product<float> product;
extern Matrix<float> y, weight, first, second;
extern const Matrix<float> x, dz;
extern const Vector<float> bias;
extern const Elu activation;
extern const Adam::Rule<float> update;
