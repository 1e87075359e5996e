// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtTest>

#include <functional>
#include <memory>

namespace luthien::test {

/// Adds a test object to this binary. name = the file's name without ending, e.g. "tst_sse_parser".
struct Registration
{
    Registration(const char* name, std::function<std::unique_ptr<QObject>()> make);
};

} // namespace luthien::test

/// Put once at the end of tst_x.cpp, before the moc include: LUTHIEN_TEST(tst_x, TestX).
#define LUTHIEN_TEST(name, type)                                                                                       \
    static const luthien::test::Registration registration_##name(#name, [] { return std::make_unique<type>(); });
