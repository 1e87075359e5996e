// SPDX-License-Identifier: Apache-2.0
#include "daemon/application.h"

#include <QCoreApplication>

int main(int argc, char** argv)
{
    const auto inherited = luthien::runtime::hardenProcess();
    const QCoreApplication application(argc, argv);
    return luthien::daemon::runApplication({argv + 1, argv + argc}, inherited);
}
