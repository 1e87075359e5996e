// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/approval.h"

#include <QObject>
#include <QQmlEngine>
#include <QString>

namespace luthien::desktop {

/// How a question that a person was asked stands.
namespace asked {
Q_NAMESPACE
QML_NAMED_ELEMENT(Asked)

enum class State {
    Waiting,
    Allowed,
    Edited, ///< allowed with other arguments
    Denied,
    Late,      ///< nobody answered in time: denied
    Withdrawn, ///< the client has gone
};
Q_ENUM_NS(State)
} // namespace asked

[[nodiscard]] asked::State stateOf(const policy::Approval& approval);
/// "Denied: nobody answered in time"; empty while it waits.
[[nodiscard]] QString outcomeText(const policy::Approval& approval);
/// Whose call it is: the program, its sub-agent if one asks, the end of the session's id, and the model.
[[nodiscard]] QString originText(const policy::ApprovalQuestion& question);
/// The end of an id: ids that were made one after the other begin alike.
[[nodiscard]] QString idEnd(std::string_view id);

/// What a rule answers, and nothing less: "calls of Bash where command is exactly “git status”".
[[nodiscard]] QString reachText(const policy::ApprovalRule& rule);
/// "Allows every call of Bash"
[[nodiscard]] QString ruleText(const policy::ApprovalRule& rule);
/// "4 min left", "until the program ends", "always"
[[nodiscard]] QString ruleEndText(const policy::ApprovalRule& rule, TimePoint now);

} // namespace luthien::desktop
