// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "control/policy_desk.h"
#include "runtime/policies.h"

#include <QObject>

#include <mutex>
#include <string>
#include <vector>

namespace luthien::runtime {

/// The policies as the control port sees and sets them. Thread: made and destroyed by main, with no question under
/// way; what PolicyDesk declares may be called from any.
class PolicyControl final : public QObject, public control::PolicyDesk
{
public:
    /// policies outlives this object.
    explicit PolicyControl(Policies& policies);

    [[nodiscard]] std::vector<control::PolicyEntry> list() const override;
    void setMode(std::string id, policy::PolicyMode mode, SetModeDone done) override;

private:
    void refresh();

    Policies& m_policies;
    mutable std::mutex m_mutex;
    std::vector<control::PolicyEntry> m_entries;
};

} // namespace luthien::runtime
