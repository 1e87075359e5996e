// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/policy_book.h"

#include <QObject>
#include <QString>

#include <memory>
#include <string>
#include <vector>

namespace luthien::desktop {

/// What became of one policy.
struct LoadedPolicyHistory
{
    std::string policyId;
    std::vector<store::PolicyChangeRow> rows; ///< newest first, the newest few hundred
    bool isCut = false;                       ///< there are older ones
    QString error;                            ///< one sentence; empty = none
};

/// Reads the history of policies without making the model wait: each request is answered by one signal, later. Thread:
/// GUI.
class PolicyHistorySource : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    virtual void load(const std::string& policyId) = 0;

Q_SIGNALS:
    void loaded(const std::shared_ptr<const luthien::desktop::LoadedPolicyHistory>& history);
};

} // namespace luthien::desktop
