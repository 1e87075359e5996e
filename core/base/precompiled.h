// SPDX-License-Identifier: Apache-2.0
#pragma once

// What nearly every source includes, read once for each module. A source still names what it uses: the analysers
// compile it without this file.
#include <QByteArray>
#include <QString>

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>
