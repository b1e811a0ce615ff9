#include "host/tune/lease.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <random>

#include "host/io/input_file.h"
#include "host/store/durable_file.h"

namespace warpshard::tune {
namespace {

constexpr std::size_t kMostBytes = 4096;

std::string own_name() {
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  return std::string(host.data()) + " " + std::to_string(getpid()) + " " +
         std::to_string(std::random_device()());
}

/// True if the file was not there and has been made with these bytes.
bool create(const std::string& path, const std::string& bytes) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file < 0) return false;
  // A lease that is cut short is still a lease; its next heartbeat replaces it.
  [[maybe_unused]] const auto written = write(file, bytes.data(), bytes.size());
  close(file);
  return true;
}

}  // namespace

Leases::Leases(std::string folder, std::chrono::milliseconds expiry)
    : folder_(std::move(folder)), expiry_(expiry), holder_(own_name()) {
  std::error_code ignored;
  std::filesystem::create_directories(folder_, ignored);
}

Leases::~Leases() {
  for (const std::string& key : held_) unlink(path_of(key).c_str());
}

std::string Leases::path_of(const std::string& key) const {
  return folder_ + "/" + key;
}

std::string Leases::text() const {
  return holder_ + " " + std::to_string(beats_) + "\n";
}

bool Leases::alive(const std::string& key) {
  const auto bytes = io::read_file(path_of(key), kMostBytes);
  if (!bytes) return false;
  const auto now = Clock::now();
  Sighting& sighting = seen_[key];
  if (sighting.text != *bytes || sighting.since == Clock::time_point()) sighting = {*bytes, now};
  return now - sighting.since < expiry_;
}

bool Leases::is_taken(const std::string& key) {
  const std::lock_guard lock(mutex_);
  return !held_.contains(key) && alive(key);
}

bool Leases::take(const std::string& key) {
  const std::lock_guard lock(mutex_);
  if (held_.contains(key)) return true;
  if (!create(path_of(key), text())) {
    std::error_code ignored;
    if (std::filesystem::exists(path_of(key), ignored)) {
      if (alive(key)) return false;
      unlink(path_of(key).c_str());
      if (!create(path_of(key), text())) return false;
    }
  }
  held_.insert(key);
  return true;
}

void Leases::give_back(const std::string& key) {
  const std::lock_guard lock(mutex_);
  if (held_.erase(key) > 0) unlink(path_of(key).c_str());
}

void Leases::beat() {
  const std::lock_guard lock(mutex_);
  ++beats_;
  for (const std::string& key : held_) store::write_durably(path_of(key), text());
}

}  // namespace warpshard::tune
