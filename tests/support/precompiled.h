// SPDX-License-Identifier: Apache-2.0
#pragma once

// As core/base/precompiled.h, for the tests.
#include "base/precompiled.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
