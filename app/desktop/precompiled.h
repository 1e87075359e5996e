// SPDX-License-Identifier: Apache-2.0
#pragma once

// As core/base/precompiled.h, for what QML sees.
#include "base/precompiled.h"

#include <QAbstractListModel>
#include <QPointer>
#include <QQmlEngine>
#include <QTimer>
