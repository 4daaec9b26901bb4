#include <ae/autoencoder.hpp>

int main() {}
