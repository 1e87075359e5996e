// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/controllers/database_trial.h"
#include "desktop/controllers/evidence_verification.h"
#include "desktop/controllers/kept_secrets.h"
#include "desktop/controllers/retention_forecast.h"
#include "desktop/controllers/store_figures.h"
#include "desktop/models/settings_model.h"
#include "desktop/models/upstreams_model.h"

#include <QObject>
#include <QQmlEngine>

namespace luthien::desktop {

/// Where the page of settings gets what it shows; each outlives it.
struct SettingSources
{
    SettingSource& settings;
    EvidenceSource evidence;
    DatabaseTrial::Try tryDatabase;
    DatabaseTrial::MakeTables makeTables;
    RetentionForecast::OpenReader openReader;
    const Clock& clock;
    QStringList secretsCommand; ///< see KeptSecrets
    QString storePlace;         ///< see StoreFigures
};

/// What the page of settings shows and acts on. Thread: GUI.
class SettingParts : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(luthien::desktop::SettingsModel* lines READ lines CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::UpstreamsModel* upstreams READ upstreams CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::DatabaseTrial* databaseTrial READ databaseTrial CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::RetentionForecast* forecast READ forecast CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::EvidenceVerification* evidence READ evidence CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::KeptSecrets* secrets READ secrets CONSTANT FINAL)
    Q_PROPERTY(luthien::desktop::StoreFigures* figures READ figures CONSTANT FINAL)

public:
    explicit SettingParts(SettingSources sources, QObject* parent = nullptr);

    [[nodiscard]] SettingsModel* lines() { return &m_lines; }
    [[nodiscard]] UpstreamsModel* upstreams() { return &m_upstreams; }
    [[nodiscard]] DatabaseTrial* databaseTrial() { return &m_databaseTrial; }
    [[nodiscard]] RetentionForecast* forecast() { return &m_forecast; }
    [[nodiscard]] EvidenceVerification* evidence() { return &m_evidence; }
    [[nodiscard]] KeptSecrets* secrets() { return &m_secrets; }
    [[nodiscard]] StoreFigures* figures() { return &m_figures; }

private:
    SettingsModel m_lines;
    UpstreamsModel m_upstreams;
    DatabaseTrial m_databaseTrial;
    RetentionForecast m_forecast;
    EvidenceVerification m_evidence;
    KeptSecrets m_secrets;
    StoreFigures m_figures;
};

} // namespace luthien::desktop
