#pragma once

#include <nanobind/nanobind.h>

#include <string_view>

#include "warpshard/cost.h"

namespace nanobind::detail {

/// 128-bit integers are Python's integers; larger ones do not convert.
template <>
struct type_caster<warpshard::Int128> {
  NB_TYPE_CASTER(warpshard::Int128, const_name("int"))

  bool from_python(handle source, std::uint8_t /*flags*/, cleanup_list* /*cleanup*/) noexcept {
    if (!PyLong_Check(source.ptr())) return false;
    const object text = steal(PyObject_Str(source.ptr()));
    Py_ssize_t size = 0;
    const char* digits = text.is_valid() ? PyUnicode_AsUTF8AndSize(text.ptr(), &size) : nullptr;
    if (digits == nullptr) {
      PyErr_Clear();
      return false;
    }
    return parse({digits, static_cast<std::size_t>(size)});
  }

  static handle from_cpp(warpshard::Int128 integer, rv_policy /*policy*/,
                         cleanup_list* /*cleanup*/) noexcept {
    constexpr int kBase = 10;
    return PyLong_FromString(warpshard::to_string(integer).c_str(), nullptr, kBase);
  }

 private:
  /// Counts below zero, where there is one number more.
  bool parse(std::string_view text) noexcept {
    constexpr int kBase = 10;
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    value = 0;
    for (const char digit : text)
      if (__builtin_mul_overflow(value, kBase, &value) ||
          __builtin_sub_overflow(value, digit - '0', &value))
        return false;
    return negative || !__builtin_sub_overflow(warpshard::Int128{0}, value, &value);
  }
};

}  // namespace nanobind::detail
