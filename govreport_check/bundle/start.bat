@echo off
chcp 65001 >nul
set PYTHONUTF8=1
cd /d "%~dp0"
if exist "python\python.exe" (
  "python\python.exe" start.py --lang zh %*
  goto end
)
where py >nul 2>nul
if not errorlevel 1 (
  py -{python} start.py --lang zh %*
  goto end
)
where python >nul 2>nul
if not errorlevel 1 (
  python start.py --lang zh %*
  goto end
)
echo 没有找到 Python {python}。请按 python\README.txt 操作。
echo Python {python} was not found: see python\README.txt.
:end
if errorlevel 1 pause
