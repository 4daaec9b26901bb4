#include <ae/autoencoder.hpp>
#include <ae/data/joined.hpp>
#include <ae/data/npy.hpp>

// What the page speaks of: a model.
extern ae::StackedAutoencoder<> model;
